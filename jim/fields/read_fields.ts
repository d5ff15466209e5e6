/**
 * The shape of the tables in this folder: for each action a function that makes a request from the fields of an object.
 * @module
 */
import type { Limits } from "../limits.ts";
import type { Message, RequestOf } from "../message.ts";
import type { Time } from "../time.ts";

/** An object of JSON. */
export type Fields = Record<string, unknown>;

/**
 * Makes the request of an action from the fields of an object, and leaves out those that it does not have.
 *
 * @throws {ParseError}
 */
export type ReadFields<Request extends Message> = (
  action: Request["action"],
  time: Time,
  fields: Fields,
  limits: Limits,
) => Request;

/** A function for each of some actions. */
export type FieldTable<Action extends Message["action"]> = {
  readonly [A in Action]: ReadFields<RequestOf<A>>;
};
