// What the container runs: the bundled server, with the command and the permissions of the Dockerfile, and its health check.
// No image is built: that needs Docker, and the images it begins with.

import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { build } from "../../tools/package.ts";
import { connect } from "../chat/peer.ts";
import { cannotRun } from "../chat/program.ts";
import { until, within } from "../chat/within.ts";
import { may } from "../may.ts";
import { ownPorts } from "../own_port.ts";
import { unmeasured } from "../unmeasured.ts";

const FOLDER = new URL("../../packaging/docker/", import.meta.url);

/** The words of an instruction of the Dockerfile that has a JSON array. */
function words(instruction: string): string[] {
  const text = Deno.readTextFileSync(new URL("Dockerfile", FOLDER)).replaceAll("\\\n", " ");
  return JSON.parse(new RegExp(`^(?:HEALTHCHECK .*)?${instruction} (\\[.*\\])$`, "m").exec(text)![1]!);
}

/** Runs a tool of the image beside its server, as docs/running.md says; returns what it prints. */
async function tool(folder: string, name: string, ...args: string[]): Promise<string> {
  const may = ["--no-config", `--allow-read=${folder}`, `--allow-write=${folder}`];
  const { code, stdout, stderr } = await within(
    `the end of ${name}`,
    new Deno.Command("deno", {
      args: ["run", "-q", ...may, `${folder}/programs/tools/${name}.js`, ...args, "--data", folder],
      stdin: "null",
      ...unmeasured({ LC_ALL: "C" }),
    }).output(),
    30_000,
  );
  assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
  return new TextDecoder().decode(stdout);
}

Deno.test("the container's permissions are those of the task, with its own folder and broker", {
  ignore: !may("read"),
}, () => {
  const { net, env, sys } = config.permissions.cluster;
  assert.deepEqual(words("ENTRYPOINT").filter((word) => word.startsWith("--allow-")), [
    `--allow-net=${[...net, "nats:4222"].join(",")}`,
    "--allow-read=/data",
    "--allow-write=/data",
    `--allow-env=${env.join(",")}`,
    `--allow-sys=${sys.join(",")}`,
  ]);
});

Deno.test("the container's command serves the chat and the page, is healthy, and stops at SIGTERM", {
  ignore: cannotRun,
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-docker-" }), [port, web] = ownPorts(2);
  /** The same words with this machine's paths and ports. */
  const here = (instruction: string) =>
    words(instruction).slice(1).map((word) =>
      word.replace(/=\/data$/, `=${folder}`).replace(/^\/hanita\//, `${folder}/`).replace(":8080", `:${web}`)
    );
  try {
    await build(folder);
    const env = { HANITA_DATA: folder, HANITA_WEB: "true", HANITA_PORT: `${port}`, HANITA_WEB_PORT: `${web}` };
    const server = new Deno.Command("deno", {
      args: here("ENTRYPOINT"),
      cwd: folder,
      ...unmeasured({ LC_ALL: "C", ...env }),
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let out = "";
    const read = server.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(text) {
          out += text;
        },
      }),
    );
    const check = Deno.readTextFileSync(new URL("health.js", FOLDER)).replace(":8080", `:${web}`);
    Deno.writeTextFileSync(`${folder}/health.js`, check);
    const healthy = async () => {
      return (await within(
        "the health check",
        new Deno.Command("deno", { args: here("CMD"), ...unmeasured() }).output(),
        30_000,
      )).code;
    };
    try {
      await until("the server", () => /^class on /m.test(out), 30_000);
      using ann = await connect(port!);
      await ann.enter("ann");
      assert.equal(await healthy(), 0);
      const [made, copied] = [
        await tool(folder, "account", "add", "teacher", "--operator", "--one-time"),
        await tool(folder, "backup", `${folder}/backup.tar`),
      ];
      assert.match(made, /^added teacher\npassword for the first login: \S+\n$/);
      assert.match(copied, /backup\.tar is whole: /);
    } finally {
      server.kill("SIGTERM");
    }
    assert.equal((await within("the end of the server", server.status, 30_000)).code, 0);
    await read;
    assert.equal(await healthy(), 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
