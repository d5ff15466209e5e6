/** The files of the chat, as the server loads them. */
import type { Language } from "../../jim/mod.ts";
import { catalogues } from "../words/mod.ts";
import type { LoadedFiles } from "./access.ts";
import { Files, type FilesOptions } from "./files.ts";
import { FilePort } from "./port.ts";
import { FileRequests } from "./requests.ts";

/** Opens the folder of files. */
export async function openFiles(options: FilesOptions, language: Language): Promise<LoadedFiles> {
  const texts = catalogues[language], files = await Files.open(options);
  const requests = new FileRequests(files, texts), port = new FilePort(requests, texts);
  return {
    files,
    requests,
    serve: (socket, bytes) => port.serve(socket, bytes),
    async close() {
      port.close();
      await files.close();
    },
  };
}
