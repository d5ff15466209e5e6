/** What no single option shows: values that do not go together, or that a module which is loaded at need must parse. */
import { type Language, UsageError } from "../cli/mod.ts";
import { brokerAccess } from "./broker_options.ts";
import type { ServerOptions } from "./config.ts";
import type { BrokerLogOptions } from "./journal/nats/mod.ts";
import type { Trust } from "./net/trusted_proxies.ts";
import { catalogues } from "./words/mod.ts";

/** The options with values that have a structure. */
export interface ParsedOptions {
  /** `--trust-proxy` */
  readonly trusts: Trust | undefined;
  /** `--broker`, `--chat`, `--broker-auth`, `--broker-ca` */
  readonly broker: BrokerLogOptions | undefined;
}

/**
 * Parses the options of a server together.
 *
 * @throws {UsageError} if one of them is wrong, or two do not go together; the message is one line
 */
export async function parsedOptions(options: ServerOptions, language: Language): Promise<ParsedOptions> {
  const { web, port, webPort, trustProxy } = options;
  if (web && port !== 0 && port === webPort) throw new UsageError(catalogues[language].samePort(port));
  return {
    trusts: trustProxy === undefined ? undefined : await proxyTrust(trustProxy, language),
    broker: await brokerAccess(options, language),
  };
}

/** Loads the parser of ranges. */
async function proxyTrust(ranges: string, language: Language): Promise<Trust> {
  const { RangeRefused, trustIn } = await import("./net/trusted_proxies.ts");
  try {
    return trustIn(ranges);
  } catch (error) {
    if (error instanceof RangeRefused) throw new UsageError(`--trust-proxy: ${error.texts[language]}`);
    throw error;
  }
}
