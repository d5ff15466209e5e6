/** `--send FILE`: sends one file to the common chat, and leaves. */
import { COMMON_ROOM, DEFAULT_LIMITS, encode, Framer } from "../../jim/mod.ts";
import { writeAll } from "../../select/write_all.ts";
import type { Connection } from "../connect.ts";
import { measure, send } from "../file_work.ts";
import type { Options } from "../options.ts";
import type { Answer } from "../../jim/client/event.ts";
import { readEvent } from "../../jim/client/read_event.ts";
import { read } from "../../jim/client/fields.ts";
import { presence } from "../../jim/client/objects.ts";
import { safe } from "../safe.ts";
import { TransferError } from "../transfer.ts";
import { catalogues } from "../words.ts";

/** Milliseconds for an answer. */
const PATIENCE = 30_000;
const decoder = new TextDecoder();

/** Returns the exit status. */
export async function sendOneFile(connection: Connection, path: string, options: Options): Promise<0 | 1> {
  const answers = new Answers(connection), { name, lang } = options, texts = catalogues[lang];
  const request = async (object: object) => {
    await writeAll(connection, encode(object));
    const answer = await answers.next();
    if (answer === undefined) throw new TransferError(texts.closedBeforeAnswer);
    if (answer.refused) throw new TransferError(safe(answer.words));
    return answer;
  };
  const late = setTimeout(() => connection.close(), PATIENCE);
  try {
    const file = await measure(path, lang), time = Date.now() / 1000;
    await request(presence(name, Date.now()));
    const { upload } = await request({ action: "upload", time, to: COMMON_ROOM, ...file });
    if (upload === undefined) throw new TransferError(texts.takesNoFiles);
    clearTimeout(late); // the bytes take as long as they take
    await send(options, path, upload, file.size);
    await request({ action: "msg", time, to: COMMON_ROOM, message: "", file: upload });
    await request({ action: "quit", time });
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isExpected = error instanceof TransferError ||
      Object.values(Deno.errors).some((kind) => error instanceof kind);
    if (!isExpected) throw error;
    console.error(error instanceof TransferError ? error.message : texts.closedBeforeAnswer);
    return 1;
  } finally {
    clearTimeout(late);
    answers.close();
  }
}

/** The answers of a server, without what it sends beside them. */
class Answers {
  readonly #connection: Connection;
  readonly #framer = new Framer(DEFAULT_LIMITS);

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Undefined if the server has closed the connection. */
  async next(): Promise<Answer | undefined> {
    for (;;) {
      for (let found = this.#framer.next(); found !== undefined; found = this.#framer.next()) {
        if (typeof found === "string") throw new TransferError(found);
        const event = readEvent(read(decoder.decode(found)));
        if (event.kind === "answer") return event;
      }
      const count = await this.#connection.read(this.#framer.reserve());
      if (count === null) return undefined;
      this.#framer.commit(count);
    }
  }

  close(): void {
    try {
      this.#connection.close();
    } catch { // it is closed
    }
  }
}
