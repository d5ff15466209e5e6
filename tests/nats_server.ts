// A real broker for tests: Debian's nats-server on a free port of the loopback, with a store and a configuration of its own.
// It can be stopped, killed, paused, and started again on the same port.
import { cpSync } from "node:fs";
import { until, within } from "./chat/within.ts";
import { has } from "./may.ts";
import { ownPort, ownPorts } from "./own_port.ts";

/** Debian puts it where only root's PATH leads. */
const PROGRAM = ["nats-server", "/usr/sbin/nats-server"].find((program) => has(program, "-v"));

/** Tests of several servers are ignored where the program is missing. */
export const hasBroker = PROGRAM !== undefined;

export interface BrokerOptions {
  /** Lines of its configuration. */
  readonly config?: string;
  /** Without JetStream, if false. */
  readonly jetStream?: boolean;
}

export class Broker implements AsyncDisposable {
  readonly folder: string;
  port = -1;
  #options: BrokerOptions;
  #child: Deno.ChildProcess | undefined;

  /** @param folder for its store, its configuration and its log; it goes with the broker */
  constructor(options: BrokerOptions = {}, folder = Deno.makeTempDirSync({ prefix: "hanita-broker-" })) {
    this.folder = folder;
    this.#options = options;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** The process, while it runs. */
  get pid(): number {
    return this.#child!.pid;
  }

  get log(): string {
    return Deno.readTextFileSync(`${this.folder}/log`);
  }

  /** Where its streams are. They may be copied, put back and deleted while it is stopped. */
  get store(): string {
    return `${this.folder}/store`;
  }

  /** Starts it, again on the port that it had. Another program may have taken the port for a moment, so it tries again. */
  async start(options: BrokerOptions = this.#options): Promise<void> {
    this.#options = options;
    await within("a broker that listens", this.#started());
  }

  /** Ends it in order. */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** It does nothing until {@linkcode resume}; its connections stay. */
  pause(): void {
    this.#child!.kill("SIGSTOP");
  }

  resume(): void {
    this.#child!.kill("SIGCONT");
  }

  /** Keeps a copy of the store of a broker that was stopped. */
  copyStore(): void {
    cpSync(this.store, `${this.folder}/copy`, { recursive: true });
  }

  /** The store is what it was when it was copied. */
  putStoreBack(): void {
    Deno.removeSync(this.store, { recursive: true });
    cpSync(`${this.folder}/copy`, this.store, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    Deno.removeSync(this.folder, { recursive: true });
  }

  async #started(): Promise<void> {
    const { config = "", jetStream = true } = this.#options, { folder } = this;
    const store = jetStream ? `jetstream { store_dir: "${this.store}" }` : "";
    for (;;) {
      Deno.writeTextFileSync(
        `${folder}/broker.conf`,
        `listen: "127.0.0.1:${
          this.port < 0 ? ownPort() : this.port
        }"\nports_file_dir: "${folder}"\nlog_file: "${folder}/log"\n${store}\n${config}\n`,
      );
      const child = new Deno.Command(PROGRAM!, {
        args: ["-c", `${folder}/broker.conf`],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      let isOver = false;
      void child.status.then(() => isOver = true);
      await until("its port, or its end", () => isOver || portIn(folder, child.pid) !== undefined);
      const port = portIn(folder, child.pid);
      if (!isOver && port !== undefined) {
        this.port = port;
        this.#child = child;
        return;
      }
      await child.status;
      if (this.port < 0) throw new Error(`Cannot start the broker:\n${this.log}`);
    }
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.kill(signal);
    if (signal !== "SIGKILL") child.kill("SIGCONT");
    await child.status;
  }
}

/** Starts a broker: `await using broker = await startBroker()`. */
export async function startBroker(options: BrokerOptions = {}, folder?: string): Promise<Broker> {
  const broker = new Broker(options, folder);
  await broker.start();
  return broker;
}

/** Whether the broker at hand can keep a stream several times. */
export const canReplicate = hasBroker && !/v2\.[0-9]\./.test(versionOfBroker());

function versionOfBroker(): string {
  return new TextDecoder().decode(new Deno.Command(PROGRAM!, { args: ["-v"] }).outputSync().stdout);
}

/** Three brokers that are one, and a URL with all of them. @param folder where each gets one; temporary ones unless given */
export async function startCluster(
  folder?: string,
): Promise<AsyncDisposable & { readonly brokers: Broker[]; readonly url: string }> {
  const ports = ownPorts(3), routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(", ");
  const brokers = ports.map((port, at) => {
    const config = `server_name: broker${at}\ncluster { name: test, listen: "127.0.0.1:${port}", routes: [${routes}] }`;
    return new Broker({ config }, folder === undefined ? undefined : `${folder}/${at}`);
  });
  if (folder !== undefined) { for (const broker of brokers) Deno.mkdirSync(broker.folder, { recursive: true }); }
  for (const broker of brokers) await broker.start();
  return {
    brokers,
    get url() {
      return brokers.map(({ url }) => url).join(",");
    },
    async [Symbol.asyncDispose]() {
      for (const broker of brokers) await broker[Symbol.asyncDispose]();
    },
  };
}

/** The port in the file that it writes as soon as it listens. */
function portIn(folder: string, pid: number): number | undefined {
  try {
    const { nats } = JSON.parse(Deno.readTextFileSync(`${folder}/nats-server_${pid}.ports`)) as { nats: string[] };
    return Number(new URL(nats[0]!).port);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined; // half of it is there
    throw error;
  }
}
