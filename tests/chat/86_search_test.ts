// A search across one's conversations: what one may read and nothing else, on one server and on two.

import assert from "node:assert/strict";
import { cannot, type Peer, start } from "./start.ts";
import { startServers } from "./two_servers.ts";

const msg = (message: string, to?: string) => ({ action: "msg", time: 1, to, message });
const search = (more: object) => ({ action: "search", time: 1, everywhere: true, ...more });
const join = (room: string) => ({ action: "join", time: 1, room });
/** Of each row where it was said, and its text; of a neighbour the text in brackets. */
const seen = (rows: { to: string; message: string; context?: true }[]) =>
  rows.map(({ to, message, context }) => context ? `(${message})` : `${to}: ${message}`);

/** Ann's connections and bob's, on one server or on two. */
type Doors = { readonly of: "ann" | "bob" | "guest"; readonly enter: (name: string) => Promise<Peer> };

const ways: Record<
  string,
  (act: (open: (of: Doors["of"], name: string) => Promise<Peer>) => Promise<void>) => Promise<void>
> = {
  "on one server": async (act) => {
    await using chat = await start({ accounts: ["ann", "bob"] });
    await act((of, name) => of === "guest" ? chat.join(name) : chat.login(name));
  },
  "on two servers": async (act) => {
    await using chat = await startServers(2, { accounts: ["ann", "bob"] });
    const [one, two] = chat.all;
    await act((of, name) => of === "guest" ? two!.join(name) : (of === "ann" ? one! : two!).login(name));
  },
};

for (const [where, run] of Object.entries(ways)) {
  Deno.test(
    `search finds what one may read, in rooms and in private, ${where}`,
    { ignore: cannot },
    () =>
      run(async (open) => {
        const ann = await open("ann", "ann"), bob = await open("bob", "bob"), eve = await open("guest", "eve");
        for (const [peer, room, response] of [[ann, "#cats", 201], [bob, "#Cats", 200], [eve, "#dogs", 201]] as const) {
          await peer.say(join(room));
          await peer.expect({ response });
        }
        await ann.sayOk(msg("A plan for all"));
        await bob.expect({ message: "A plan for all" });
        await eve.expect({ message: "A plan for all" });
        await bob.sayOk(msg("the cats plan", "#Cats"));
        await ann.expect({ message: "the cats plan" });
        await eve.sayOk(msg("the dogs plan", "#dogs"));
        await bob.sayOk(msg("before", "ann"));
        await ann.expect({ message: "before" });
        await bob.sayOk(msg("our planning", "ann"));
        await ann.expect({ message: "our planning" });
        await ann.sayOk(msg("behind", "bob"));
        await bob.expect({ message: "behind" });
        const rows = (peer: Peer, more: object) => peer.ask(search(more)).then(seen);

        assert.deepEqual(await rows(ann, { text: "plan*" }), [
          "#all: A plan for all",
          "#cats: the cats plan",
          "ann: our planning",
        ]);
        assert.deepEqual(await rows(bob, { text: "plan" }), ["#all: A plan for all", "#Cats: the cats plan"]);
        assert.deepEqual(await rows(eve, { text: "plan" }), ["#all: A plan for all", "#dogs: the dogs plan"]);
        assert.deepEqual(await rows(ann, { text: "plan*", limit: 2 }), ["#cats: the cats plan", "ann: our planning"]);
        assert.deepEqual(await rows(ann, { text: "plan*", limit: 1, after: 0 }), ["#all: A plan for all"]);
        assert.deepEqual(await rows(ann, { text: "plan*", from: "BOB" }), [
          "#cats: the cats plan",
          "ann: our planning",
        ]);
        assert.deepEqual(await rows(ann, { from: "ann" }), ["#all: A plan for all", "bob: behind"]);
        assert.deepEqual(await rows(eve, { from: "bob" }), []);
        assert.deepEqual(await rows(ann, { text: "planning", context: true }), [
          ...["(before)", "ann: our planning", "(behind)"],
        ]);
        const [last] = await ann.ask(search({ text: "planning" }));
        assert.deepEqual(await rows(ann, { text: "plan*", before: last.id, limit: 1 }), ["#cats: the cats plan"]);

        // In one conversation, too; and there, as before, nothing where one may not look.
        const within = { action: "search", time: 1, text: "plan*", context: true };
        assert.deepEqual(seen(await bob.ask({ ...within, with: "ann" })), [
          "(before)",
          "ann: our planning",
          "(behind)",
        ]);
        await eve.say({ ...within, room: "#cats" });
        await eve.expect({ response: 403 });

        for (const more of [{ room: "#all" }, { with: "bob" }]) {
          await ann.say(search({ text: "plan", ...more }));
          const [got] = Object.values(more);
          await ann.expect({
            response: 400,
            error: `everywhere: expected neither a room nor a name beside it, got "${got}"`,
          });
        }
        await ann.say(search({}));
        await ann.expect({ response: 400, error: "text: expected words to look for, got nothing" });
        await ann.say(search({ text: "plan", from: 7 }));
        await ann.expect({ response: 400 });

        // What was deleted is found no more, and a room that one has left neither.
        const [, cats] = await bob.ask(search({ text: "plan" }));
        await bob.say({ action: "delete", time: 1, to: "#Cats", id: cats.id });
        await bob.expect({ response: 200 });
        assert.deepEqual(await rows(bob, { text: "plan" }), ["#all: A plan for all"]);
        await eve.say({ action: "leave", time: 1, room: "#dogs" });
        await eve.expect({ response: 200 });
        assert.deepEqual(await rows(eve, { text: "plan" }), ["#all: A plan for all"]);
      }),
  );
}

Deno.test("a search in many conversations finds the latest, wherever they were said", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.login("ann");
  for (let i = 0; i < 5; i++) {
    await ann.say(join(`#room${i}`));
    await ann.expect({ response: 201 });
  }
  const order = [2, 3, 4, 0, 1, 3, 2, 0, 2];
  for (const [at, room] of order.entries()) await ann.sayOk(msg(`word ${at}`, `#room${room}`));
  const found = await ann.ask(search({ text: "word", limit: 4 }));
  assert.deepEqual(seen(found), ["#room3: word 5", "#room2: word 6", "#room0: word 7", "#room2: word 8"]);
});
