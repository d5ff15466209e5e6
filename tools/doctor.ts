/**
 * Tries somebody's JIM server: each check of the table does what real clients do to a server, right or wrong, and after
 * each of them two bystanders must still be able to chat. Prints what was sent, what came, and where it went wrong, what
 * a robust server would have done.
 *
 *     deno task doctor HOST [PORT] [--tls [--ca FILE]] [--only WORD]
 *
 * Exit status: 0 no fault, 1 faults or no connection, 2 a mistake on the command line.
 */
import { commandLine, fail, lang, type Text, text, untranslated } from "../cli/mod.ts";
import { systemReason } from "../cli/system.ts";
import { hasColour } from "../cli/tint.ts";
import { connect, NotConnected } from "../client/connect.ts";
import { encryption, type Peer, peer } from "../client/options.ts";
import { catalogues } from "../client/words.ts";
import { type Bystanders, bystanders, NotAdmitted } from "./doctor/bystanders.ts";
import { type Check, fault, type Finding, joined, show, visit } from "./doctor/check.ts";
import { greeting } from "./doctor/presence.ts";
import { leaving } from "./doctor/disconnects.ts";
import { type Result, summary, told } from "./doctor/report.ts";
import { talk } from "./doctor/messages.ts";
import { wrong } from "./doctor/malformed.ts";

const program = {
  name: "hanita-doctor",
  summary: {
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
    lang,
  },
  positionals: { ...peer, address: { ...peer.address, value: "HOST", required: true } },
};

/** From gentle to brutal, so that much is known before a weak server dies. */
const checks: readonly Check[] = [...greeting, ...talk, ...wrong, ...leaving];

/** One check takes no longer than that, in milliseconds, and none begins later than that. */
const ONE = 17_000, ALL = 45_000;

const AFTERWARDS: Text = { en: "; afterwards ", ru: "; после этого " };
const GONE: Text = { en: "the server is gone", ru: "сервера больше нет" };
const LATE: Text = {
  en: `the check did not come to its end within ${ONE / 1000} s`,
  ru: `проверка не кончилась за ${ONE / 1000} с`,
};
const noCheck = (got: string): Text => ({
  en: `--only: expected a word of a check's name, got ${got}`,
  ru: `--only: нужно слово из названия проверки, а не ${got}`,
});

const noGuests = (answer: Text): Text =>
  joined({
    en: "This server lets no guests in, so nothing can be tried: expected presence to be accepted, got ",
    ru: "Этот сервер не пускает гостей, поэтому испытать его нельзя: на presence пришло ",
  }, answer);

if (import.meta.main) {
  const { only, ...server } = commandLine(program), { address, port, lang } = server;
  const chosen = checks.filter(({ name }) => name[lang].includes(only) || name.en.includes(only));
  if (chosen.length === 0) {
    fail(program.name, noCheck(JSON.stringify(only))[lang], 2);
  }
  const results: Result[] = [];
  for await (const result of examine(server, chosen)) {
    console.log(told(result, hasColour(Deno.stdout), lang));
    results.push(result);
  }
  const where = { en: `${address} port ${port}`, ru: `${address}, порт ${port}` };
  console.log(`\n${where[lang]}: ${summary(results, lang)}`);
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
    const { address, port, lang = "en" } = server;
    if (error instanceof NotAdmitted) fail(program.name, noGuests(show(error.answer))[lang]);
    fail(program.name, catalogues[lang].cannotConnect(address, port, systemReason(error.message, lang)));
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
    yield { check, finding: fault(joined(finding.came, AFTERWARDS, witnesses === undefined ? GONE : complaint)) };
  }
  await witnesses?.leave();
}

async function tried(check: Check, server: Peer, { answers }: Bystanders): Promise<Finding> {
  const here = visit(server, answers);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(fault(LATE)), ONE);
  });
  try {
    return await Promise.race([check.run(here), late]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fault(
      joined({ en: "no connection any more: ", ru: "соединения больше нет: " }, untranslated(error.message)),
    );
  } finally {
    clearTimeout(timer);
    await here.leave();
  }
}
