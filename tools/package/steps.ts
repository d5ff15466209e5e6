/** Steps that the packages have in common. */

/** A step of the build that failed; the message is one line. */
export class BuildFailed extends Error {
  override name = "BuildFailed";
}

/**
 * Packs a folder as npm does.
 *
 * @param to the folder for the archive
 * @returns the path of the archive
 */
export async function packFolder(folder: string, to: string): Promise<string> {
  const packed = await run("npm", ["pack", "--silent", "--pack-destination", await Deno.realPath(to)], folder);
  return `${to}/${packed.trim()}`;
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

export async function run(command: string, args: readonly string[], cwd: string | URL): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd, env: { NO_COLOR: "1" } })
    .output();
  const [said, wrong] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new BuildFailed(`Cannot run ${command} ${args[0]}: ${wrong!.trim().split("\n")[0]}`);
  return said!;
}
