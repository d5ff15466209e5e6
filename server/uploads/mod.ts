/** The files of the chat, as the server loads them. */
import type { Language } from "../../jim/mod.ts";
import { catalogues } from "../words/mod.ts";
import type { LoadedFiles, ServesFiles } from "./access.ts";
import { Files, type FilesOptions } from "./files.ts";
import { FilePort } from "./port.ts";
import { FileRequests } from "./requests.ts";

/** Opens the folder of files. */
export async function openFiles(options: FilesOptions, language: Language): Promise<LoadedFiles> {
  const texts = catalogues[language], files = await Files.open(options);
  return { files, requests: new FileRequests(files, texts), close: () => files.close() };
}

/** Serves connections of the chat's own port. @param requests what answers; nothing while the folder of files cannot be read */
export function openPort(requests: () => Promise<FileRequests | undefined>, language: Language): ServesFiles {
  return new FilePort(requests, catalogues[language]);
}
