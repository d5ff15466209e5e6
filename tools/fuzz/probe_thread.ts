/** Starts the thread of the bystander (probe.ts), and talks to it. */
import type { Command, Measurements } from "./probe.ts";

export class ProbeThread {
  readonly #worker = new Worker(new URL("./probe.ts", import.meta.url), { type: "module" });
  #isStopped = false;

  /** Settles when the thread has done it. */
  tell(command: Command): Promise<Measurements | "done"> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => resolve(data);
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`the bystander failed: ${event.message}`));
      };
      if (this.#isStopped) resolve("done");
      else this.#worker.postMessage(command);
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#worker.terminate();
  }

  /** Stops the thread. Returns what was measured; undefined if it was stopped before. */
  async end(): Promise<Measurements | undefined> {
    const measured = await this.tell({ kind: "end" });
    this.stop();
    return measured === "done" ? undefined : measured;
  }
}
