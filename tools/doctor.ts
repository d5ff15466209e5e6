/**
 * Tests any JIM server: each check does what real clients do to a server, right or wrong, and after each of them two
 * bystanders must still be able to chat. Prints what was sent and what was received, and for a fault what a robust server
 * would have done.
 *
 *     deno task doctor HOST [PORT] [--tls [--ca FILE]] [--only WORD]
 *
 * Exit status: 0 no fault, 1 faults or no connection, 2 a mistake on the command line.
 */
import { commandLine, fail, lang, type Text, text, untranslated } from "../cli/mod.ts";
import { systemReason } from "../cli/system.ts";
import { hasColour } from "../cli/tint.ts";
import { connect, ConnectError } from "../client/connect.ts";
import { encryption, type Peer, peer } from "../client/options.ts";
import { catalogues } from "../client/words.ts";
import { type Bystanders, bystanders, NotAdmitted } from "./doctor/bystanders.ts";
import { type Check, concat, fault, type Finding, openContext, show } from "./doctor/check.ts";
import { presenceChecks } from "./doctor/presence.ts";
import { disconnectChecks } from "./doctor/disconnects.ts";
import { formatResult, type Result, summary } from "./doctor/report.ts";
import { messageChecks } from "./doctor/messages.ts";
import { malformedChecks } from "./doctor/malformed.ts";

export const program = {
  name: "hanita-doctor",
  summary: {
    en: "Tests a JIM server, and says what a robust one would do.",
    ru: "Проверяет сервер JIM и показывает, что сделал бы надёжный.",
  },
  options: {
    only: text(
      { en: "Run only the checks with WORD in their name.", ru: "Только проверки, в названии которых есть WORD." },
      "",
      { value: "WORD" },
    ),
    ...encryption,
    lang,
  },
  positionals: { ...peer, address: { ...peer.address, value: "HOST", required: true } },
};

/** The harmless ones first, so that a weak server ends as late as possible. */
const checks: readonly Check[] = [...presenceChecks, ...messageChecks, ...malformedChecks, ...disconnectChecks];

/** One check takes no longer than that, in milliseconds, and none begins later than that. */
const ONE = 32_000, ALL = 120_000;

const AFTERWARDS: Text = { en: "; afterwards ", ru: "; после этого " };
const GONE: Text = { en: "the server is gone", ru: "сервера больше нет" };
const LATE: Text = {
  en: `the check did not end within ${ONE / 1000} s`,
  ru: `проверка не закончилась за ${ONE / 1000} с`,
};
const noCheck = (got: string): Text => ({
  en: `--only: expected a word of a check's name, got ${got}`,
  ru: `--only: нужно слово из названия проверки, а не ${got}`,
});

const noGuests = (answer: Text): Text =>
  concat({
    en: "This server lets no guests in, so nothing can be tested: expected presence to be accepted, got ",
    ru: "Этот сервер не пускает гостей, поэтому проверить его нельзя: в ответ на presence пришло ",
  }, answer);

if (import.meta.main) {
  const { only, ...server } = commandLine(program), { address, port, lang } = server;
  const chosen = checks.filter(({ name }) => name[lang].includes(only) || name.en.includes(only));
  if (chosen.length === 0) {
    fail(program.name, noCheck(JSON.stringify(only))[lang], 2);
  }
  const results: Result[] = [];
  for await (const result of runChecks(server, chosen)) {
    console.log(formatResult(result, hasColour(Deno.stdout), lang));
    results.push(result);
  }
  const where = { en: `${address} port ${port}`, ru: `${address}, порт ${port}` };
  console.log(`\n${where[lang]}: ${summary(results, lang)}`);
  Deno.exit(results.some(({ finding }) => finding?.mark === "fault") ? 1 : 0); // sockets may linger
}

/** Each check in turn, until the server is gone. */
async function* runChecks(server: Peer, checks: readonly Check[]): AsyncGenerator<Result> {
  const end = performance.now() + ALL;
  let witnesses: Bystanders | undefined;
  try {
    if (server.tls) (await connect(server)).close(); // the client's own words for what is wrong with a certificate
    witnesses = await bystanders(server);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof ConnectError) fail(program.name, error.message);
    const { address, port, lang = "en" } = server;
    if (error instanceof NotAdmitted) fail(program.name, noGuests(show(error.answer))[lang]);
    fail(program.name, catalogues[lang].cannotConnect(address, port, systemReason(error.message, lang)));
  }
  for (const check of checks) {
    if (witnesses === undefined || performance.now() > end) {
      yield { check, finding: undefined };
      continue;
    }
    const finding = await runCheck(check, server, witnesses);
    const complaint = await witnesses.complaint();
    if (complaint === undefined) {
      yield { check, finding };
      continue;
    }
    await witnesses.leave();
    witnesses = await bystanders(server).catch(() => undefined);
    yield { check, finding: fault(concat(finding.observed, AFTERWARDS, witnesses === undefined ? GONE : complaint)) };
  }
  await witnesses?.leave();
}

async function runCheck(check: Check, server: Peer, { answers }: Bystanders): Promise<Finding> {
  const context = openContext(server, answers);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(fault(LATE)), ONE);
  });
  try {
    return await Promise.race([check.run(context), late]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fault(
      concat({ en: "the connection is lost: ", ru: "соединение потеряно: " }, untranslated(error.message)),
    );
  } finally {
    clearTimeout(timer);
    await context.leave();
  }
}
