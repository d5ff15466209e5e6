// Records as anybody may propose them, for property tests.
import fc from "fast-check";
import type { StateProposal } from "../../../server/journal/records.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "ann", "'; DROP TABLE records;--", "\u0000", "привет 👍"),
);
const id = fc.oneof(fc.nat({ max: 20 }), fc.maxSafeNat());
const seconds = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 });

/** Objects as JSON makes them; without `required` each field is there. */
function record<T, K extends keyof T = keyof T>(
  fields: { [field in keyof T]: fc.Arbitrary<T[field]> },
  required?: { requiredKeys: K[] },
) {
  return fc.record<T, K>(fields, { noNullPrototype: true, ...required as { requiredKeys: K[] } });
}

/** A record of each kind with fields of its types; some fields are left out. */
export const proposals: {
  readonly [kind in StateProposal["kind"]]: fc.Arbitrary<Extract<StateProposal, { kind: kind }>>;
} = {
  account: record({
    kind: fc.constant("account"),
    name: text,
    password: text,
    operator: fc.boolean(),
    seen: id,
    since: id,
    guestPeriods: fc.array(record({ name: text, after: id, last: id }, { requiredKeys: ["name", "after"] }), {
      maxLength: 3,
    }),
    rooms: fc.array(record({ room: id, spelling: text }), { maxLength: 3 }),
    contacts: fc.array(text, { maxLength: 3 }),
  }, { requiredKeys: ["kind", "name", "password", "operator", "seen"] }),
  removal: record({ kind: fc.constant("removal"), of: id }),
  password: record({ kind: fc.constant("password"), account: id, password: text }),
  operator: record({ kind: fc.constant("operator"), account: id, is: fc.boolean(), by: id }, {
    requiredKeys: ["kind", "account", "is"],
  }),
  cursor: record({ kind: fc.constant("cursor"), account: id, last: id }),
  room: record({ kind: fc.constant("room"), name: text, by: id }, { requiredKeys: ["kind", "name"] }),
  member: record({ kind: fc.constant("member"), account: id, room: id, is: fc.boolean(), spelling: text }, {
    requiredKeys: ["kind", "account", "room", "is"],
  }),
  contact: record({ kind: fc.constant("contact"), account: id, name: text, is: fc.boolean() }),
  session: record({
    kind: fc.constant("session"),
    account: id,
    hash: text,
    is: fc.boolean(),
    since: seconds,
    used: seconds,
  }),
  ban: record({
    kind: fc.constant("ban"),
    what: fc.constantFrom("name", "address", "mute"),
    who: text,
    is: fc.boolean(),
    until: seconds,
    by: text,
    reason: text,
    since: seconds,
  }, { requiredKeys: ["kind", "what", "who", "is"] }),
  motd: record({ kind: fc.constant("motd"), text }),
};

export const proposal: fc.Arbitrary<StateProposal> = fc.oneof(...Object.values(proposals));
