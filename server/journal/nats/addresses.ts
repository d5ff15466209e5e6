/** The addresses of brokers (`--broker`). */
import { joinHostPort } from "../../../jim/mod.ts";

/** The port that NATS has by convention. */
const DEFAULT_PORT = 4222;

export interface BrokerAddress {
  readonly hostname: string;
  readonly port: number;
  /** Only with TLS, as `tls://` demands. Otherwise the broker decides. */
  readonly tls: boolean;
}

/**
 * Parses addresses that are separated by commas. `undefined` if one of them is none. A scheme may be left out behind the first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseAddresses("nats://a,b:4223"), [
 *   { hostname: "a", port: 4222, tls: false },
 *   { hostname: "b", port: 4223, tls: false },
 * ]);
 * assert.deepEqual(parseAddresses("tls://[::1]:1"), [{ hostname: "::1", port: 1, tls: true }]);
 * assert.equal(parseAddresses("http://a"), undefined);
 * assert.equal(parseAddresses("nats://ann:secret@a"), undefined);
 * ```
 */
export function parseAddresses(text: string): readonly BrokerAddress[] | undefined {
  const found: BrokerAddress[] = [];
  let scheme: string | undefined;
  for (const part of text.split(",")) {
    const [, own, rest = ""] = /^(?:(nats|tls):\/\/)?(.*)$/.exec(part.trim())!;
    scheme = own ?? scheme;
    const [, bracketed, plain, port = `${DEFAULT_PORT}`] =
      /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(rest) ?? [];
    const hostname = bracketed ?? plain;
    if (scheme === undefined || hostname === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
    found.push({ hostname, port: Number(port), tls: scheme === "tls" });
  }
  return found;
}

/** As it is given at the command line, and found in messages. */
export function showAddress({ hostname, port, tls }: BrokerAddress): string {
  return `${tls ? "tls" : "nats"}://${joinHostPort(hostname, port)}`;
}
