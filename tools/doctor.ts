/**
 * Tries somebody's JIM server: each check of the table does what real clients do to a server, right or wrong, and after
 * each of them two bystanders must still be able to chat. Prints what was sent, what came, and where it went wrong, what
 * a robust server would have done.
 *
 *     deno task doctor HOST [PORT] [--tls [--ca FILE]] [--only WORD]
 *
 * Exit status: 0 no fault, 1 faults or no connection, 2 a mistake on the command line.
 */
import { commandLine, fail, text } from "../cli/mod.ts";
import { hasColour } from "../cli/tint.ts";
import { connect, NotConnected } from "../client/connect.ts";
import { encryption, type Peer, peer } from "../client/options.ts";
import { type Bystanders, bystanders } from "./doctor/bystanders.ts";
import { type Check, fault, type Finding, visit } from "./doctor/check.ts";
import { greeting } from "./doctor/greeting.ts";
import { leaving } from "./doctor/leaving.ts";
import { type Result, summary, told } from "./doctor/report.ts";
import { talk } from "./doctor/talk.ts";
import { wrong } from "./doctor/wrong.ts";

const program = {
  name: "doctor",
  does: {
    en: "Tries a JIM server, and tells what a robust one would do.",
    ru: "Испытывает сервер JIM и говорит, что сделал бы надёжный.",
  },
  options: {
    only: text(
      { en: "Only the checks whose names contain it.", ru: "Только проверки, в названии которых это есть." },
      "",
      { value: "WORD" },
    ),
    ...encryption,
  },
  places: { ...peer, address: { ...peer.address, value: "HOST", needed: true } },
};

/** From gentle to brutal, so that much is known before a weak server dies. */
const checks: readonly Check[] = [...greeting, ...talk, ...wrong, ...leaving];

/** One check takes no longer than that, in milliseconds, and none begins later than that. */
const ONE = 17_000, ALL = 45_000;

if (import.meta.main) {
  const { only, ...server } = commandLine(program);
  const chosen = checks.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) {
    fail(program.name, `--only: expected a word of a check's name, got ${JSON.stringify(only)}`, 2);
  }
  const results: Result[] = [];
  for await (const result of examine(server, chosen)) {
    console.log(told(result, hasColour(Deno.stdout)));
    results.push(result);
  }
  console.log(`\n${server.address} port ${server.port}: ${summary(results)}`);
  Deno.exit(results.some(({ finding }) => finding?.mark === "fault") ? 1 : 0); // sockets may linger
}

/** Each check in turn, until the server is gone. */
async function* examine(server: Peer, checks: readonly Check[]): AsyncGenerator<Result> {
  const end = performance.now() + ALL;
  let witnesses: Bystanders | undefined;
  try {
    if (server.tls) (await connect(server)).close(); // the client's own words for what is wrong with a certificate
    witnesses = await bystanders(server);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof NotConnected) fail(program.name, error.message);
    fail(program.name, `Cannot connect to ${server.address} port ${server.port}: ${error.message}`);
  }
  for (const check of checks) {
    if (witnesses === undefined || performance.now() > end) {
      yield { check, finding: undefined };
      continue;
    }
    const finding = await tried(check, server, witnesses);
    const complaint = await witnesses.complaint();
    if (complaint === undefined) {
      yield { check, finding };
      continue;
    }
    await witnesses.leave();
    witnesses = await bystanders(server).catch(() => undefined);
    const after = witnesses === undefined ? "the server is gone" : complaint;
    yield { check, finding: fault(`${finding.came}; afterwards ${after}`) };
  }
  await witnesses?.leave();
}

async function tried(check: Check, server: Peer, { answers }: Bystanders): Promise<Finding> {
  const here = visit(server, answers);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(fault(`the check did not come to its end within ${ONE / 1000} s`)), ONE);
  });
  try {
    return await Promise.race([check.run(here), late]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fault(`no connection any more: ${error.message}`);
  } finally {
    clearTimeout(timer);
    await here.leave();
  }
}
