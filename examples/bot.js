// A bot for Hanita in JavaScript (Node, Deno or Bun): in the rooms that it is in, it answers "!time" and "!roll".
//
//     BOT_TOKEN=... node examples/bot.js 127.0.0.1 7777 '#lesson7'
import net from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

const [host, port, ...rooms] = process.argv.slice(2);
const chat = net.connect(Number(port), host);
const say = (action, fields = {}) => chat.write(JSON.stringify({ action, time: Date.now() / 1000, ...fields }) + "\n");
const answers = {
  "!time": () => new Date().toTimeString().slice(0, 5),
  "!roll": () => String(1 + Math.floor(6 * Math.random())),
};

say("authenticate", { token: process.env.BOT_TOKEN, features: ["id"] });
for (const room of rooms) say("join", { room });
for await (const line of createInterface({ input: chat })) {
  const { action, response, error, from, to, message, replayed } = JSON.parse(line);
  if (response >= 400) console.error(error);
  if (action === "probe") say("presence");
  // What was said while the bot was away is marked: it is not answered again.
  if (action !== "msg" || replayed || !Object.hasOwn(answers, message)) continue;
  say("msg", { to: to.startsWith("#") ? to : from, message: answers[message]() });
}
