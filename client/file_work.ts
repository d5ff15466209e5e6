/**
 * Files on the user's disk, to be sent and saved. The client may read and write the folder `files` where it was started; for any
 * other place it needs a permission, which the error names.
 */
import { isSystemError, systemErrorText } from "../log/system_error.ts";
import type { Language, SharedFile } from "../jim/mod.ts";
import { systemReason } from "../cli/system.ts";
import { writeAll } from "../select/write_all.ts";
import { ConnectError } from "./connect.ts";
import { localName } from "./local_name.ts";
import type { Peer } from "./options.ts";
import { fetchBytes, sendBytes, TransferError } from "./transfer.ts";
import { catalogues } from "./words.ts";

/** The folder that needs no permission of its own. */
const FOLDER = "files";
/** Names that are tried for a file: `cat.png`, `cat (2).png`, and so on. */
const NAMES = 1000;

/**
 * Where files are that are not whole: they are removed when the program ends. They do not get their names at the end, as a
 * user may have given the right to write one file alone.
 */
const unfinished = new Set<string>();
addEventListener("unload", () => {
  for (const place of unfinished) {
    try {
      Deno.removeSync(place);
    } catch {
      // somebody has removed it
    }
  }
  unfinished.clear();
});

/** The name and the size of a file. */
export async function measure(path: string, lang: Language): Promise<{ name: string; size: number }> {
  const texts = catalogues[lang];
  return await told(lang, path, async () => {
    const { size, isFile } = await Deno.stat(await placeOf(path));
    if (!isFile) throw new TransferError(texts.noPlainFile(path));
    if (size === 0) throw new TransferError(texts.emptyFile(path));
    return { name: path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1), size };
  });
}

/** Sends a file to the server, as an upload. */
export async function send(
  peer: Peer,
  path: string,
  upload: string,
  size: number,
  onProgress?: (bytes: number) => void,
): Promise<void> {
  await told(peer.lang ?? "en", path, async () => {
    using file = await Deno.open(await placeOf(path));
    await sendBytes(peer, upload, file, size, onProgress);
  });
}

/** Saves a file of the server under a path, or under its own name in the folder `files`. None is overwritten. Returns where it is. */
export async function save(peer: Peer, file: SharedFile, path: string | undefined): Promise<string> {
  return await saveNew(file.name, path, peer.lang ?? "en", (target) => fetchBytes(peer, file, target));
}

/** The same for a text. */
export async function saveText(name: string, text: string, path: string | undefined, lang: Language): Promise<string> {
  return await saveNew(name, path, lang, (target) => writeAll(target, new TextEncoder().encode(text)));
}

/** Makes a file. It is removed if it cannot be written whole, or if the program ends before. */
async function saveNew(
  name: string,
  path: string | undefined,
  lang: Language,
  write: (target: Deno.FsFile) => Promise<void>,
): Promise<string> {
  const wanted = path ?? `${FOLDER}/${localName(name)}`;
  return await told(lang, wanted, async () => {
    if (path === undefined) await Deno.mkdir(FOLDER, { recursive: true });
    const [place, target] = path === undefined ? await newFile(wanted) : [wanted, await openNew(wanted)];
    unfinished.add(place);
    try {
      await write(target);
      unfinished.delete(place);
    } finally {
      target.close();
      if (unfinished.delete(place)) await Deno.remove(place);
    }
    return place;
  });
}

/** A name alone may also be one in the folder `files`. */
async function placeOf(path: string): Promise<string> {
  if (/[/\\]/.test(path)) return path;
  const isHere = await Deno.stat(path).then(() => true, () => false);
  return isHere ? path : `${FOLDER}/${path}`;
}

function openNew(path: string): Promise<Deno.FsFile> {
  return Deno.open(path, { createNew: true, write: true });
}

async function newFile(path: string): Promise<[path: string, file: Deno.FsFile]> {
  const [, name = path, ending = ""] = /^(.+?)(\.[^./]{1,10})?$/.exec(path) ?? [];
  for (let i = 1;; i++) {
    const place = i === 1 ? path : `${name} (${i})${ending}`;
    try {
      return [place, await openNew(place)];
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || i === NAMES) throw error;
    }
  }
}

/** What goes wrong is told in one line. */
async function told<T>(lang: Language, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TransferError) throw error;
    if (error instanceof ConnectError) throw new TransferError(error.message);
    if (error instanceof Deno.errors.NotCapable) {
      throw new TransferError(catalogues[lang].fileNotPermitted(path, FOLDER));
    }
    if (!isSystemError(error)) throw error;
    throw new TransferError(catalogues[lang].cannotUseFile(path, systemReason(systemErrorText(error), lang)));
  }
}
