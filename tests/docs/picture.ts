// Takes the README's picture, a terminal and a page in one chat: `deno run -P=test tests/docs/picture.ts`. Look at it before
// keeping it.

import { terminal } from "../terminal/terminal.ts";
import type { Screen } from "../terminal/screen.ts";
import { browse, serve } from "../web/browser.ts";

const WIDTH = 1180, HEIGHT = 460, PAGE_WIDTH = 640;
/** The first sixteen of a terminal's 256 colours, and the steps of the others. */
const BASIC =
  "262a2e e06c75 98c379 e5c07b 61afef c678dd 56b6c2 c8ccd4 7f848e e06c75 98c379 e5c07b 61afef c678dd 56b6c2 fff"
    .split(" ");
const STEPS = [0, 95, 135, 175, 215, 255];

await using server = await serve("-p", "7777"); // the port of everybody
await using browser = await browse();
await using ann = terminal(["localhost", "-n", "Ann"], 54, {
  COLORTERM: "",
  TERM: "xterm-256color",
});
await ann.shows(/Joined/);
const boris = await browser.open(server.url, { viewport: { width: PAGE_WIDTH, height: HEIGHT }, colorScheme: "light" });
await boris.join("Boris");
const lena = await browser.open(server.url);
await lena.join("Lena");

await says("Good morning! Is anybody there?");
await boris.hears("Good morning! Is anybody there?");
await boris.say("Yes, in a browser: nothing to install 🦊");
await ann.shows(/nothing/);
await lena.say("Я тоже здесь");
await ann.shows(/тоже/);
await says("And I am in a terminal");
await boris.hears("And I am in a terminal");
await boris.say("@Ann, shall we write a client of our own? Ten lines are enough");
await ann.shows(/enough/);
await ann.type("A line that is not sent yet");
await ann.shows(/not sent yet/);

const page = (await boris.page.screenshot({ animations: "disabled", caret: "hide" })).toString("base64");
const { page: picture } = await browser.open("data:text/html,", { viewport: { width: WIDTH, height: HEIGHT } });
await picture.setContent(`<style>
  body { margin: 0; display: flex; gap: 14px; background: #fff; height: ${HEIGHT}px }
  pre, img { box-sizing: border-box; border-radius: 8px; border: 1px solid #cfd4d9 }
  pre { margin: 0; flex: 1; min-width: 0; overflow: hidden; padding: 14px 12px; background: #16191d; color: #d7dae0; font: 15px/25px "DejaVu Sans Mono", monospace }
  img { width: ${PAGE_WIDTH}px; height: ${HEIGHT}px }
</style><pre>${drawn(ann.screen)}</pre><img src="data:image/png;base64,${page}">`);
await picture.screenshot({ path: new URL("../../docs/hanita.png", import.meta.url).pathname });
await ann.type("\x15\x04"); // the line is emptied, and the client leaves
await ann.ended;

async function says(text: string): Promise<void> {
  await ann.type(`${text}\r`);
  await ann.shows((rows) => rows.some((row) => row.includes(`› ${text}`)));
}

/** What a terminal shows, as HTML. */
function drawn(screen: Screen): string {
  const command = `<b>$ npx -y deno@2.9.6 task client localhost -n Ann</b>\n`;
  const rows = screen.styled.map((row) =>
    row.map(({ text, style }) => `<span style="${css(style)}">${escaped(text)}</span>`).join("")
  );
  const { row, column } = screen;
  return command + rows.join("\n") +
    (row === rows.length - 1 && column >= screen.last.length ? `<span style="background: #d7dae0"> </span>` : "");
}

function css(style: string): string {
  const code = Number(/^38;5;(\d+)$/.exec(style)?.[1] ?? -1);
  if (style === "1") return "font-weight: bold";
  if (code < 0) return "";
  if (code < 16) return `color: #${BASIC[code]}`;
  if (code >= 232) return `color: rgb(${[0, 0, 0].map(() => 8 + 10 * (code - 232))})`;
  const at = code - 16;
  return `color: rgb(${[Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((step) => STEPS[step])})`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
