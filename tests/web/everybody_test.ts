// One conversation between two pages, two terminals and the Python client of the README, which uses what a messenger has, and
// says what each of them sees; on one server, and on two over a broker. The dialogue is in everybody/steps.ts.

import { type Program, startUnmeasured } from "../chat/program.ts";
import { hasBroker, startBroker } from "../nats_server.ts";
import { cannot as cannotType } from "../terminal/terminal.ts";
import { browse, cannot as cannotBrowse } from "./browser.ts";
import { enter, play } from "./everybody/step.ts";
import { promote } from "./promote.ts";
import { again, steps } from "./everybody/steps.ts";

const cannot = cannotBrowse || cannotType;
/** On a slow machine the dialogue takes minutes, and Python prints `ok` for what answers a probe. */
const OPTIONS = ["-a", "127.0.0.1", "--web", "--web-port", "0", "--probe-after", "3600", "--idle", "7200"];

async function dialogue(
  t: Deno.TestContext,
  one: Program,
  two: Program,
  where: readonly string[],
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const browser = stack.use(await browse());
  const cast = await enter(stack, browser, [one, two], (name) => promote(name, ...where));
  await play(t, cast, steps, again);
}

Deno.test("everybody chats on one server", { ignore: cannot }, async (t) => {
  await using server = await startUnmeasured(...OPTIONS);
  await dialogue(t, server, server, ["--data", server.folder]);
});

Deno.test("everybody chats on two servers", { ignore: cannot || !hasBroker }, async (t) => {
  await using broker = await startBroker();
  const at = ["--broker", broker.url, "--chat", "school"];
  await using one = await startUnmeasured(...OPTIONS, ...at);
  await using two = await startUnmeasured(...OPTIONS, ...at);
  await dialogue(t, one, two, at);
});
