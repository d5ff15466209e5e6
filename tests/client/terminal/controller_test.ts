import fc from "fast-check";
import { JIM, meet } from "./meet.ts";

Deno.test("Controller survives whatever a server sends and whatever is typed, and stays one line", () => {
  const field = fc.constantFrom(
    "action",
    "response",
    "from",
    "to",
    "message",
    "id",
    "quantity",
    "jim",
    "user",
    "time",
    "room",
    "user_id",
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("msg", "probe", "presence", "room_list", "#cats", "ann", 200, 202, 1, 402),
  );
  const object = fc.dictionary(field, value).map((fields) => ({ hear: fields }));
  const keys = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "\r",
      "\t",
      "\x1b[A",
      "\x1b[D",
      "/join #cats\r",
      "/room #cats\r",
      "/who\r",
      "/login\r",
      "y",
      "\x1b[200~a\nb\x1b[201~",
    ),
  ).map((type) => ({ type }));
  const event = fc.oneof(
    object,
    keys,
    fc.constantFrom({ do: "lose" as const }, { do: "connect" as const }, { do: "pass" as const }),
  );
  fc.assert(fc.property(fc.array(event, { maxLength: 30 }), (events) => {
    const { controller, connect, hear, type, lose, pass, said, look } = meet();
    connect(JIM);
    for (const event of events) {
      if ("hear" in event && controller.link.open) hear(event.hear);
      else if ("type" in event) type(event.type);
      else if ("do" in event && event.do === "lose") lose();
      else if ("do" in event && event.do === "pass") pass(11_000);
      else if (!controller.link.open && !controller.isShuttingDown) controller.connected(0);
      said();
      look();
    }
  }));
});
