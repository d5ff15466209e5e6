// Programs that students wrote years ago, as they spoke when they were recorded (fixtures/seed.json: seconds, connection,
// what it did): each object as one segment, with the pauses between, on a clock that the test holds. They read
// `recv(1024)` and take what comes for one object, so what counts is what each segment holds.

import assert from "node:assert/strict";
import recorded from "./fixtures/seed.json" with { type: "json" };
import { cannot, type Chat, type Peer, start } from "./start.ts";

type Step = [seconds: number, connection: number, what: string, text?: string];
/** What one of them said, and what it read. */
type Life = { peer: Peer; said: { action: string; message?: string; at: number }[]; came: number };

for (const [scenario, steps] of Object.entries(recorded) as [string, Step[]][]) {
  Deno.test(`${scenario}: each segment that they read is one object, and each of their words is answered`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ frozen: true, bareGap: 50 });
    const lives = await replay(chat, steps);
    const words = lives.flatMap(({ said }) => said).filter(({ action }) => action === "msg")
      .sort((a, b) => a.at - b.at);
    for (const { peer, said, came } of lives) {
      const read = peer.segments.map((segment) => {
        assert.ok(segment.length <= 1024);
        return JSON.parse(segment);
      });
      const answers = read.filter((each) => "response" in each);
      assert.equal(answers.length, said.length);
      for (const { response, alert, time } of answers) {
        assert.deepEqual([response, typeof alert, Number.isInteger(time)], [200, "string", true]);
      }
      if (said.some(({ action }) => action === "msg")) continue;
      // A reader: it heard all that was said from when it came, worded as the original words it.
      const heard = read.filter((each) => each.action === "msg").map(({ message }) => message);
      assert.deepEqual(heard, words.filter(({ at }) => at > came).map(({ message }) => message));
    }
  });
}

Deno.test("the recorded first writer reads exactly one answer to each message, and nothing else", {
  ignore: cannot,
}, async () => {
  for (const program of ["seed-hw2", "seed-hw3"] as const) {
    await using chat = await start({ frozen: true, bareGap: 50 });
    const [first] = await replay(chat, recorded[`${program} two-writers`] as Step[]);
    const read = first!.peer.segments.map((segment) => JSON.parse(segment));
    assert.deepEqual(read.map(({ response }) => response), first!.said.map(() => 200));
  }
});

async function replay(chat: Chat, steps: readonly Step[]): Promise<Life[]> {
  const lives: Life[] = [];
  const onlooker = await chat.connect();
  let now = 0;
  for (const [seconds, connection, what, text] of steps) {
    for (; now < seconds; now += 0.1) await pause(100);
    const life = lives[connection - 1];
    if (what === "connect") lives.push({ peer: await chat.bare(), said: [], came: seconds });
    else if (what === "says") {
      await life!.peer.say(text!);
      life!.said.push({ ...JSON.parse(text!), at: seconds });
      await life!.peer.hear();
    } else if (what === "breaks") life!.peer.close();
    else await life!.peer.end();
  }
  return lives;

  /** Time goes by for the server, and it has done what was due. */
  async function pause(ms: number): Promise<void> {
    chat.pass(ms);
    await onlooker.say({ action: "probe", time: 1 });
    await onlooker.expect({ response: 401 });
  }
}
