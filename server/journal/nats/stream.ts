/** The stream of a chat: finding, making and checking it. */
import type { NatsConnection } from "@nats-io/nats-core";
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from "@nats-io/jetstream";
import { jserrors } from "@nats-io/jetstream/internal";
import { FORMAT, type Names, parseDescription } from "./names.ts";
import { explained, refused } from "./refused.ts";

/** JetStream's number of the error. */
const OTHER_CONFIGURATION = 10058;
/** Bytes that a stream must have room for, so that a server starts: a full one takes no message anyway. */
const LEAST_ROOM = 16_384;
/** The least `max_payload` of a broker: an entry has a head, and one message of a client goes into few parts. */
export const LEAST_PAYLOAD = 4096;
/** Consumers are made in a way that older ones do not have. */
const LEAST_VERSION = [2, 9];
/** Older brokers have doubled messages of a replicated stream. */
const LEAST_VERSION_REPLICATED = [2, 10];

/** How a stream is, as far as a server must know. */
export interface StreamState {
  /** The first sequence that is kept; if none is, the next one. */
  readonly first: number;
  /** The last sequence that was given, of an entry that may be gone. */
  readonly last: number;
  /** Bytes that it may still grow by its own limit, or Infinity. */
  readonly room: number;
}

/** Refuses a full stream. At the start only: later a server goes on without writing. */
export function checkRoom({ room }: StreamState, { stream }: Names): void {
  if (room < LEAST_ROOM) throw refused((texts) => texts.fullStream(stream));
}

/** Refuses a stream that was purged, if what is gone was not taken before: nobody could tell this server what it was. */
export function checkPurged({ first, last }: StreamState, { stream }: Names, taken: number): void {
  if (first > last && taken < last) throw refused((texts) => texts.purgedStream(stream));
}

/** Refuses a broker that is too old, too small, or has no JetStream. */
export function checkBroker({ info }: NatsConnection, replicas: number): void {
  const { version, jetstream, max_payload: payload } = info!;
  if (isOlder(version, LEAST_VERSION)) throw refused((texts) => texts.tooOld(version, LEAST_VERSION.join(".")));
  checkReplicas(version, replicas);
  if (jetstream !== true) throw refused((texts) => texts.noJetStream);
  if (payload < LEAST_PAYLOAD) throw refused((texts) => texts.smallPayload(payload, LEAST_PAYLOAD));
}

/** The state of the stream, or undefined if there is none. Refuses one that is not this chat's. */
export async function findStream(
  { info: broker }: NatsConnection,
  manager: JetStreamManager,
  names: Names,
): Promise<StreamState | undefined> {
  let info: StreamInfo;
  try {
    info = await manager.streams.info(names.stream);
  } catch (error) {
    if (error instanceof jserrors.StreamNotFoundError) return undefined;
    throw explained(error);
  }
  checkStream(info, names, broker!.version);
  const { first_seq: first, last_seq: last, messages, bytes } = info.state, { max_bytes: limit } = info.config;
  return { first: messages === 0 ? last + 1 : first, last, room: limit > 0 ? limit - bytes : Infinity };
}

/** Makes the stream. Another server may make the same one at the same time: then there is one. */
export async function createStream(manager: JetStreamManager, names: Names, replicas: number): Promise<void> {
  try {
    await manager.streams.add({
      name: names.stream,
      description: names.description,
      subjects: [names.entries],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.New, // a full stream refuses, instead of forgetting its first entries
      num_replicas: replicas,
    });
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === OTHER_CONFIGURATION) return; // it is checked when it is found
    throw explained(error, { subjects: names.entries, replicas });
  }
}

function checkStream({ config }: StreamInfo, { stream, entries, description }: Names, version: string): void {
  const found = parseDescription(config.description), ours = parseDescription(description)!;
  if (found === undefined) throw refused((texts) => texts.foreignStream(stream));
  if (found.format > FORMAT) throw refused((texts) => texts.newerStream(stream, found.format, FORMAT));
  if (found.chat !== ours.chat) throw refused((texts) => texts.otherChat(stream, found.chat, ours.chat));
  const { subjects, max_age: age, max_msgs: messages, max_bytes: bytes, discard, retention } = config;
  const isLimited = messages > 0 || bytes > 0;
  if (
    subjects?.length !== 1 || subjects[0] !== entries || retention !== RetentionPolicy.Limits || age > 0 ||
    (isLimited && discard !== DiscardPolicy.New)
  ) {
    throw refused((texts) => texts.forgetfulStream(stream));
  }
  checkReplicas(version, config.num_replicas);
}

function checkReplicas(version: string, replicas: number): void {
  if (replicas > 1 && isOlder(version, LEAST_VERSION_REPLICATED)) {
    throw refused((texts) => texts.tooOldForReplicas(version, replicas, LEAST_VERSION_REPLICATED.join(".")));
  }
}

function isOlder(version: string, [major, minor]: readonly number[]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor < major! || (ownMajor === major && ownMinor < minor!);
}
