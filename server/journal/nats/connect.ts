/** Connects to a broker, and says in one line what is in the way. */
import { type Authenticator, errors, type NatsConnection } from "@nats-io/nats-core";
import { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { systemReason } from "../../../cli/system.ts";
import { type BrokerAddress, showAddress } from "./addresses.ts";
import { JournalRefused } from "../failure.ts";
import { refused } from "./refused.ts";
import { ClosedAtOnce, NotABroker, NotEncrypted, useTransport } from "./transport.ts";

/** Milliseconds until a broker must have answered. */
const PATIENCE = 3000;
/** A ping each second; with two unanswered, after three seconds of silence, the library closes the connection. */
const PING_EVERY = 1000, MAX_UNANSWERED = 2;

export interface BrokerOptions {
  /** Brokers of one cluster: any of them will do. */
  readonly addresses: readonly BrokerAddress[];
  readonly authenticator: Authenticator | undefined;
  /** Certificates in PEM of authorities that are trusted as well. If there are any, TLS is required. */
  readonly authorities: readonly string[];
  /** The set of permissions of this program, to which a flag may have to be added. */
  readonly permissions: string;
}

/**
 * Connects to one of the brokers, the first that lets it; they are tried in a random order, so that servers spread over them.
 * The connection does not reconnect by itself: its owner opens another one.
 *
 * @throws {JournalRefused} what the last of them has said
 */
export async function connect(options: BrokerOptions): Promise<NatsConnection> {
  let last: unknown;
  for (const address of shuffled(options.addresses)) {
    try {
      return await connectTo(address, options);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function connectTo(
  address: BrokerAddress,
  { authenticator, authorities, permissions }: BrokerOptions,
): Promise<NatsConnection> {
  const { hostname, port, tls } = address;
  useTransport({ required: tls || authorities.length > 0, authorities });
  try {
    return await NatsConnectionImpl.connect({
      servers: hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`,
      name: "hanita",
      timeout: PATIENCE,
      reconnect: false,
      pingInterval: PING_EVERY,
      maxPingOut: MAX_UNANSWERED,
      ignoreClusterUpdates: true, // the permissions name the addresses that are given
      noAsyncTraces: true, // a stack for each publish costs more than the publish
      ...(authenticator === undefined ? {} : { authenticator }),
    });
  } catch (error) {
    throw explained(address, permissions, error);
  }
}

function explained(address: BrokerAddress, permissions: string, error: unknown): JournalRefused {
  const shown = showAddress(address);
  if (error instanceof Deno.errors.NotCapable) {
    // Without its cause, by which a refused data folder is known.
    return refused((texts) => texts.notPermitted(shown, shown.slice(shown.indexOf("//") + 2), permissions));
  }
  if (error instanceof errors.AuthorizationError) return refused((texts) => texts.rejected(shown), error);
  if (error instanceof NotABroker) return refused((texts) => texts.notNats(shown), error);
  if (error instanceof ClosedAtOnce) return refused((texts) => texts.closedAtOnce(shown), error);
  if (error instanceof NotEncrypted) return refused((texts) => texts.noTls(shown), error);
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  if (error instanceof errors.TimeoutError || message === "timeout") {
    return refused((texts) => texts.silent(shown), error);
  }
  if (error instanceof Deno.errors.InvalidData) return refused((texts) => texts.badTls(shown, message), error);
  return refused((texts, language) => texts.absent(shown, systemReason(message, language)), error);
}

function shuffled<T>(all: readonly T[]): T[] {
  return all.map((each) => ({ each, at: Math.random() })).sort((one, other) => one.at - other.at).map(({ each }) =>
    each
  );
}
