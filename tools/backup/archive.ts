/**
 * The form of a backup: a tar archive, which other programs can read too. It has the database, the files of messages, and
 * behind them the manifest, which lists both with their checksums. So an archive that was cut off has no manifest.
 *
 *     hanita.db  files/ab/cdef…  hanita.json
 */
import { createHash } from "node:crypto";
import { createTarDecoder, createTarPacker } from "modern-tar";

/** The database, in a backup and in a data folder. */
export const DATABASE = "hanita.db";
const MANIFEST = "hanita.json", FORMAT = 1;
/** The names that an archive may have. A file of a message is called by its SHA-256. */
const NAMES = /^(?:hanita\.db|files\/[0-9a-f]{2}\/[0-9a-f]{62})$/;
/** A manifest is longer by 120 bytes for each file. */
const LONGEST_MANIFEST = 256 * 1024 * 1024;

/** A file that goes into an archive. */
export interface Source {
  /** Its name there. */
  readonly name: string;
  readonly path: string;
}

/** A file of an archive. */
export interface Entry {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

interface Manifest {
  readonly format: number;
  /** The version of Hanita that has made it. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly entries: readonly Entry[];
}

/** What is wrong with an archive. */
export type Flaw = "cutOff" | "noBackup" | "damaged" | "newer";

/** An archive that cannot be restored. */
export class ArchiveRefused extends Error {
  override name = "ArchiveRefused";
  readonly flaw: Flaw;

  constructor(flaw: Flaw, options?: ErrorOptions) {
    super(flaw, options);
    this.flaw = flaw;
  }
}

/** Writes an archive, a chunk at a time. */
export async function pack(
  sources: AsyncIterable<Source>,
  out: WritableStream<Uint8Array>,
  { version, time }: Pick<Manifest, "version" | "time">,
): Promise<readonly Entry[]> {
  const { readable, controller } = createTarPacker(), entries: Entry[] = [];
  const header = (name: string, size: number) => ({ name, size, mode: 0o600, mtime: new Date(time) });

  async function addAll(): Promise<void> {
    for await (const { name, path } of sources) {
      const file = await Deno.open(path), { size } = await file.stat(), hash = createHash("sha256");
      await file.readable.pipeThrough(hashing(hash)).pipeTo(controller.add(header(name, size)));
      entries.push({ name, size, sha256: hash.digest("hex") });
    }
    const manifest: Manifest = { format: FORMAT, version, time, entries };
    const bytes = new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`);
    await new Blob([bytes]).stream().pipeTo(controller.add(header(MANIFEST, bytes.length)));
    controller.finalize();
  }

  const added = addAll().catch((error) => controller.error(error));
  await readable.pipeTo(out);
  await added;
  return entries;
}

/**
 * Puts the files of an archive into a folder that is empty, and checks each.
 *
 * @throws {ArchiveRefused} When it is no backup, or not whole.
 */
export async function unpack(archive: ReadableStream<Uint8Array<ArrayBuffer>>, folder: string): Promise<Manifest> {
  const found: Entry[] = [];
  let manifest: Manifest | undefined, hasBegun = false;
  try {
    for await (
      const { header: { name, type, size }, body } of archive.pipeThrough(createTarDecoder({ strict: true }))
    ) {
      if (manifest !== undefined) throw new ArchiveRefused("noBackup");
      if (name === MANIFEST && size < LONGEST_MANIFEST) {
        manifest = parseManifest(await new Response(body).text());
        continue;
      }
      if (!NAMES.test(name) || type !== "file") throw new ArchiveRefused("noBackup");
      hasBegun = true;
      const path = `${folder}/${name}`, hash = createHash("sha256");
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
      const file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
      await body.pipeThrough(hashing(hash)).pipeTo(file.writable);
      found.push({ name, size, sha256: hash.digest("hex") });
    }
  } catch (cause) {
    if (cause instanceof ArchiveRefused || !(cause instanceof Error) || isSystem(cause)) throw cause;
    throw new ArchiveRefused(hasBegun ? "cutOff" : "noBackup", { cause });
  }
  if (manifest === undefined) throw new ArchiveRefused(hasBegun ? "cutOff" : "noBackup");
  if (JSON.stringify(manifest.entries) !== JSON.stringify(found)) throw new ArchiveRefused("damaged");
  return manifest;
}

function parseManifest(text: string): Manifest {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new ArchiveRefused("damaged", { cause });
  }
  if (typeof manifest.format === "number" && manifest.format > FORMAT) throw new ArchiveRefused("newer");
  if (manifest.format !== FORMAT || !Array.isArray(manifest.entries)) throw new ArchiveRefused("noBackup");
  return manifest as Manifest;
}

/** Whether an error is the system's: a full disk, a folder that cannot be written. */
function isSystem(error: Error): boolean {
  return "code" in error || error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.AlreadyExists;
}

/** Passes bytes on, and hashes them. */
function hashing(hash: { update(bytes: Uint8Array): unknown }): TransformStream<Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(bytes, controller) {
      hash.update(bytes);
      controller.enqueue(bytes);
    },
  });
}
