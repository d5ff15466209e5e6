// The Python client of the README, which knows nothing but plain JIM, in a room.

import { until } from "../../chat/within.ts";
import { samplesIn } from "../../docs/commands.ts";

/** The README's program for another port, and in a room instead of the common one. */
function programFor(port: number, room: string): string {
  const readme = Deno.readTextFileSync(new URL("../../../README.md", import.meta.url));
  const [sample] = samplesIn(readme, "README.md", "python");
  const enter = /^say\(action="presence".*$/m;
  return sample!.text.replace("7777", `${port}`).replace('to="#all"', `to=${JSON.stringify(room)}`)
    .replace(enter, (line) => `${line}\nsay(action="join", room=${JSON.stringify(room)})`);
}

export class Python implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #read: Promise<void>;
  #out = "";

  constructor(port: number, room: string) {
    const args = ["-c", programFor(port, room)];
    this.#child = new Deno.Command("python3", { args, stdin: "piped", stdout: "piped" }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#read = this.#child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({ write: (text) => void (this.#out += text) }),
    );
  }

  async type(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** The whole lines that it has printed. */
  get lines(): string[] {
    return this.#out.split("\n").slice(0, -1);
  }

  /** Waits until it has printed so many lines. */
  async prints(count: number): Promise<void> {
    await until(`line ${count} of Python`, () => this.lines.length >= count).catch((error) => {
      throw new Error(`${error.message}; it has printed\n${this.#out}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#input.close().catch(() => {}); // it has ended
    await this.#child.status;
    await this.#read;
  }
}
