// A folder for one test, gone at its end, and the log files in it.

/** A temporary folder that is removed with all that is in it. */
export interface Folder extends Disposable {
  path: string;
  /** The names of the files, in order. */
  names(): string[];
  /** The lines of a file; fails if the last one has no newline. */
  lines(name: string): string[];
}

/** Makes a folder: `using folder = makeFolder()`. */
export function makeFolder(): Folder {
  const path = Deno.makeTempDirSync({ prefix: "hanita-log-" });
  return {
    path,
    names: () => [...Deno.readDirSync(path)].map(({ name }) => name).sort(),
    lines: (name) => {
      const lines = Deno.readTextFileSync(`${path}/${name}`).split("\n");
      const tail = lines.pop();
      if (tail !== "") throw new Error(`Cannot read the lines of "${name}": the last one is torn: "${tail}"`);
      return lines;
    },
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}
