/**
 * The files of a chat of several servers, at its broker: JetStream's object store keeps each by its SHA-256. A server puts a file
 * there before a message has it, and keeps a copy of those that its clients have asked for.
 */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { type ObjectStore as Bucket, Objm } from "@nats-io/obj";
import type { PartFile } from "./disk.ts";
import { type ObjectStore, StoreFailure } from "./store.ts";

/** Bytes that are read at once. */
const PIECE = 64 * 1024;
/** Milliseconds that the broker has for an answer. */
const TIMEOUT = 10_000;
/** Milliseconds after which a file is put again: any server removes one that is a day old and in no message. */
const FRESH = 43_200_000;

export interface BrokerObjectsOptions {
  /** Opens a connection, which does not reconnect by itself. */
  readonly connect: () => Promise<NatsConnection>;
  readonly chat: string;
  /** Brokers that keep a copy. */
  readonly replicas: number;
  /** Milliseconds in which a file that is there need not be put again; half a day unless given. */
  readonly freshFor?: number;
}

export class BrokerObjects implements ObjectStore {
  readonly #options: BrokerObjectsOptions;
  #opened: { readonly connection: NatsConnection; readonly bucket: Bucket } | undefined;
  #opening: Promise<Bucket> | undefined;

  constructor(options: BrokerObjectsOptions) {
    this.#options = options;
  }

  async put(hash: string, size: number, file: PartFile): Promise<void> {
    await this.#attempt(async (bucket) => {
      const known = await bucket.info(hash);
      const { freshFor = FRESH } = this.#options;
      if (known !== null && !known.deleted && known.size === size && ageOf(known) < freshFor) return;
      await file.seek(0, Deno.SeekMode.Start);
      const { size: stored } = await bucket.put({ name: hash }, streamOf(file));
      if (stored !== size) throw new StoreFailure(`the broker has ${stored} of ${size} bytes`);
    });
  }

  async get(hash: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const found = await this.#attempt((bucket) => bucket.get(hash));
    return found === null ? undefined : piecesOf(found.data);
  }

  async *olderThan(age: number): AsyncIterable<string> {
    for (const info of await this.#attempt((bucket) => bucket.list())) {
      if (!info.deleted && ageOf(info) > age) yield info.name;
    }
  }

  async remove(hash: string): Promise<void> {
    await this.#attempt((bucket) => bucket.delete(hash));
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    await this.#opened?.connection.close();
  }

  #attempt<T>(work: (bucket: Bucket) => Promise<T>): Promise<T> {
    return orStoreFailure(async () => await work(await this.#bucket()));
  }

  #bucket(): Promise<Bucket> {
    if (this.#opened !== undefined && !this.#opened.connection.isClosed()) return Promise.resolve(this.#opened.bucket);
    return this.#opening ??= this.#open().finally(() => this.#opening = undefined);
  }

  async #open(): Promise<Bucket> {
    const { connect, chat, replicas } = this.#options, connection = await connect();
    const manager = new Objm(jetstream(connection, { timeout: TIMEOUT })), name = `hanita-${chat}`;
    try {
      const bucket = await manager.open(name).catch(() => manager.create(name, { replicas }));
      this.#opened = { connection, bucket };
      return bucket;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }
}

/** Milliseconds since an object was put. */
function ageOf({ mtime }: { readonly mtime: string }): number {
  return Date.now() - Date.parse(mtime);
}

/** Whatever the broker, the library or the connection has against it is a {@linkcode StoreFailure}. */
async function orStoreFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFailure || !(error instanceof Error)) throw error;
    throw new StoreFailure(`the broker says "${error.message}"`, { cause: error });
  }
}

/**
 * The pieces of a file that the library reads from the broker. When the connection is lost the library's stream neither ends nor
 * fails, so it may not be silent for longer than the broker has for an answer.
 *
 * @param timeout in milliseconds
 * @throws {StoreFailure} if the stream fails, or is silent for too long
 */
export async function* piecesOf(data: ReadableStream<Uint8Array>, timeout = TIMEOUT): AsyncGenerator<Uint8Array> {
  const reader = data.getReader();
  try {
    for (;;) {
      const { value } = await orStoreFailure(() => within(timeout, reader.read()));
      if (value === undefined) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {}); // not awaited: of a broken connection nothing may come of it
  }
}

async function within<T>(timeout: number, awaited: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new StoreFailure("the broker has not sent the rest of a file")), timeout);
  try {
    return await Promise.race([awaited, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The bytes of a file, as the library takes them. */
function streamOf(file: PartFile): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const buffer = new Uint8Array(PIECE), count = await file.read(buffer);
      if (count === null) controller.close();
      else controller.enqueue(buffer.subarray(0, count));
    },
  });
}
