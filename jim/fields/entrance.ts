/**
 * The fields with which a client begins and ends.
 * @module
 */
import { type Feature, FEATURES, parseFeatures } from "../features.ts";
import type { Limits } from "../limits.ts";
import type { Authenticate, Presence } from "../message.ts";
import { refuse } from "../refusal.ts";
import { findMisnamedField } from "../suggest.ts";
import { line, name, ParseError, secret, token, user, words, wrong } from "../values.ts";
import type { Fields, FieldTable } from "./read_fields.ts";

/** Code points of the name of a device. */
const DEVICE = 60;

/** How a client begins and ends. */
export const entrance: FieldTable<"presence" | "authenticate" | "register" | "probe" | "quit" | "logout"> = {
  presence: (action, time, fields, limits) => ({
    action,
    time,
    user: presenceUser(fields.user, limits),
    ...understood(fields),
  }),
  // By a token, if there is one, else by a password.
  authenticate: (action, time, fields, limits) => {
    const { token: shown = "" } = typeof fields.token === "boolean" ? {} : token(fields.token, limits);
    return shown === ""
      ? { action, time, user: login(fields.user, limits), ...newPassword(fields, limits), ...extras(fields) }
      : { action, time, token: shown, ...understood(fields) };
  },
  register: (action, time, fields, limits) => ({ action, time, user: login(fields.user, limits), ...extras(fields) }),
  probe: (action, time) => ({ action, time }),
  quit: (action, time) => ({ action, time }),
  logout: (action, time, fields, limits) => ({ action, time, ...token(fields.token, limits) }),
};

/** After a login the name and the whole user may be missing. */
function presenceUser(value: unknown, limits: Limits): Presence["user"] {
  if (value === undefined || value === null) return { account_name: undefined, status: "" };
  const { account_name, status } = user(value);
  return {
    account_name: account_name === undefined ? undefined : name(account_name, "user.account_name", limits),
    status: words(status, "user.status", limits),
  };
}

/** The password that a login sets. */
function newPassword({ new_password: given }: Fields, limits: Limits): { new_password?: string } {
  return given === undefined || given === null ? {} : { new_password: secret(given, "new_password", limits) };
}

/** What a login may ask for beside coming in. */
function extras(fields: Fields): { token?: true; device?: string; features?: readonly Feature[] } {
  return { ...newToken(fields), ...understood(fields) };
}

/** Whether a session token is asked for, and what the list of sessions is to call it. */
export function newToken({ token, device }: Fields): { token?: true; device?: string } {
  const named = device === undefined || device === null ? "" : line(device, "device", DEVICE);
  return { ...(token === true ? { token } : {}), ...(named === "" ? {} : { device: named }) };
}

/** The features that an object names. `"watch":true` is an older way to name the one of that name. */
function understood({ features, watch }: Fields): { features?: readonly Feature[] } {
  const named = features === undefined || features === null ? [] : parseFeatures(features);
  if (named === undefined) throw wrong("features", "features", features);
  const all = FEATURES.filter((feature) => named.includes(feature) || (feature === "watch" && watch === true));
  return all.length === 0 ? {} : { features: all };
}

/** A password of any type is nobody's business, so none is quoted; nor is a user that is no object, which may have one. */
function login(value: unknown, limits: Limits): Authenticate["user"] {
  if (Array.isArray(value) || typeof value === "string") {
    const type = Array.isArray(value) ? "array" : typeof value;
    throw new ParseError(refuse("user", { at: "user", got: `a value of type ${type}` }));
  }
  const { account_name, password } = user(value);
  if (password === undefined && findMisnamedField({ user: value }, "user.password") !== undefined) {
    throw wrong("string", "user.password", password); // else the word that it has would be too short, or wrong
  }
  if (typeof password !== "string" && password !== undefined && password !== null) {
    const type = Array.isArray(password) ? "array" : typeof password;
    throw new ParseError(refuse("string", { at: "user.password", got: `a value of type ${type}` }));
  }
  return {
    account_name: name(account_name, "user.account_name", limits),
    password: words(password, "user.password", limits),
  };
}
