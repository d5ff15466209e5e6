/** A password: typed on a terminal, unseen, a new one twice; or one line of standard input. */
import { Lines } from "../../client/pipe/lines.ts";
import { DEFAULT_LIMITS, type MalformedUtf8, MIN_PASSWORD } from "../../jim/mod.ts";
import type { Texts } from "../words/english.ts";
import { Refused } from "../refused.ts";

const LONGEST = DEFAULT_LIMITS.text;

/**
 * Asks for a new password, on a terminal until it may be one, or Ctrl-C.
 *
 * @throws {Refused} if what was piped in can be none
 */
export async function askPassword(texts: Texts): Promise<string> {
  if (!Deno.stdin.isTerminal()) {
    const password = await piped(texts), flaw = flawOf(password, texts);
    if (flaw !== undefined) throw new Refused(flaw);
    return password;
  }
  for (;;) {
    const password = await line(texts.password(MIN_PASSWORD));
    const flaw = flawOf(password, texts) ??
      (await line(texts.onceMore) === password ? undefined : texts.passwordsDiffer);
    if (flaw === undefined) return password;
    console.error(texts.another(flaw));
  }
}

/**
 * Asks for the password of an account that there is.
 *
 * @param prompt shown on a terminal, where nothing of the password is
 * @throws {Refused} if what was piped in can be none
 */
export async function askKnownPassword(prompt: string, texts: Texts): Promise<string> {
  return await (Deno.stdin.isTerminal() ? line(prompt) : piped(texts));
}

/** Why a text can be no password. */
function flawOf(password: string, texts: Texts): string | undefined {
  const { length } = [...password];
  if (length > LONGEST) return texts.longPassword(LONGEST, length);
  if (password.includes("\ufffd")) return texts.passwordNotUtf8(undefined);
  return length < MIN_PASSWORD ? texts.shortPassword(MIN_PASSWORD) : undefined;
}

/** The first line of a pipe. */
async function piped(texts: Texts): Promise<string> {
  const lines = new Lines(2 * LONGEST); // two units are the most that one character takes
  for await (const bytes of Deno.stdin.readable) {
    const [first] = lines.push(bytes);
    if (first !== undefined) return inUtf8(first, texts);
  }
  return inUtf8(lines.end()[0] ?? "", texts);
}

function inUtf8(line: string | MalformedUtf8, texts: Texts): string {
  if (typeof line === "string") return line;
  throw new Refused(texts.passwordNotUtf8(line.encoding));
}

/**
 * One line of a terminal. It is not shown; Backspace takes a character back, Ctrl-C ends the program. If the program is
 * stopped meanwhile, a shell has made the terminal show what is typed: so it is made raw again when the program goes on.
 */
async function line(prompt: string): Promise<string> {
  const canStop = Deno.build.os !== "windows";
  const hide = () => {
    Deno.stdin.setRaw(true); // before the prompt: what is typed at once is not shown either
    Deno.stderr.writeSync(new TextEncoder().encode(prompt));
  };
  hide();
  if (canStop) Deno.addSignalListener("SIGCONT", hide);
  try {
    let typed = "";
    const bytes = new Uint8Array(1024), decoder = new TextDecoder();
    for (;;) {
      const count = await Deno.stdin.read(bytes);
      for (const character of decoder.decode(bytes.subarray(0, count ?? 0), { stream: true })) {
        if (character === "\r" || character === "\n") return typed;
        if (character === "\u0003") Deno.exit(130);
        typed = character === "\u007f" || character === "\b" ? typed.replace(/.$/su, "") : typed + character;
      }
      if (count === null) Deno.exit(1); // the terminal is gone
    }
  } finally {
    if (canStop) Deno.removeSignalListener("SIGCONT", hide);
    Deno.stdin.setRaw(false);
    console.error();
  }
}
