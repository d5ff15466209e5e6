// Takes the pictures of README.md and README.ru.md, a terminal and a page in one chat: `deno run -P=test tests/docs/picture.ts`.
// Look at them before keeping them.

import { terminal } from "../terminal/terminal.ts";
import type { Screen } from "../terminal/screen.ts";
import { browse, serve } from "../web/browser.ts";

const WIDTH = 1180, HEIGHT = 460, PAGE_WIDTH = 640;
/** The first sixteen of a terminal's 256 colours, and the steps of the others. */
const BASIC =
  "262a2e e06c75 98c379 e5c07b 61afef c678dd 56b6c2 c8ccd4 7f848e e06c75 98c379 e5c07b 61afef c678dd 56b6c2 fff"
    .split(" ");
const STEPS = [0, 95, 135, 175, 215, 255];

/** The messages with their senders; the last is not sent yet. */
const ENGLISH = [
  ["Ann", "Good morning! Is anybody there?"],
  ["Boris", "Yes, in a browser: nothing to install 🦊"],
  ["Lena", "Я тоже здесь"],
  ["Ann", "And I am in a terminal"],
  ["Boris", "@Ann, shall we write a client of our own? Ten lines are enough"],
  ["Ann", "A line that is not sent yet"],
] as const;
const RUSSIAN = [
  ["Аня", "Доброе утро! Есть тут кто?"],
  ["Борис", "Да, в браузере: ставить ничего не нужно 🦊"],
  ["Lena", "Me too"],
  ["Аня", "А я в терминале"],
  ["Борис", "@Аня, напишем своего клиента? Хватит десяти строк"],
  ["Аня", "Строка, которая ещё не отправлена"],
] as const;

await take("en", ENGLISH, "hanita.png");
await take("ru", RUSSIAN, "hanita-ru.png");

async function take(language: "en" | "ru", said: readonly (readonly [who: string, text: string])[], file: string) {
  await using server = await serve("-p", "7777"); // the port of everybody
  await using browser = await browse();
  const [[terminals], [browsers], [others]] = [said[0]!, said[1]!, said[2]!];
  const options = ["localhost", "-n", terminals], LC_ALL = language === "en" ? "en_GB.UTF-8" : "ru_RU.UTF-8";
  await using typist = terminal(options, 54, { COLORTERM: "", TERM: "xterm-256color", LC_ALL });
  await typist.shows(/7777/);
  const reader = await browser.open(server.url, {
    viewport: { width: PAGE_WIDTH, height: HEIGHT },
    colorScheme: "light",
    locale: language === "en" ? "en-GB" : "ru-RU",
  });
  await reader.page.locator("input[name=name]").fill(browsers);
  await reader.page.keyboard.press("Enter");
  await reader.field.waitFor();
  const other = await browser.open(server.url);
  await other.join(others);
  for (const [who, text] of said.slice(0, -1)) {
    if (who === terminals) {
      await typist.type(`${text}\r`);
      await reader.hears(text);
    } else {
      await (who === browsers ? reader : other).say(text);
      await typist.shows(new RegExp(RegExp.escape(text.slice(0, 9))));
    }
  }
  const last = said.at(-1)![1];
  await typist.type(last);
  await typist.shows(new RegExp(last));
  const page = (await reader.page.screenshot({ animations: "disabled", caret: "hide" })).toString("base64");
  const { page: picture } = await browser.open("data:text/html,", { viewport: { width: WIDTH, height: HEIGHT } });
  await picture.setContent(`<style>
    body { margin: 0; display: flex; gap: 14px; background: #fff; height: ${HEIGHT}px }
    pre, img { box-sizing: border-box; border-radius: 8px; border: 1px solid #cfd4d9 }
    pre { margin: 0; flex: 1; min-width: 0; overflow: hidden; padding: 14px 12px; background: #16191d; color: #d7dae0 }
    pre { font: 15px/25px "DejaVu Sans Mono", monospace }
    img { width: ${PAGE_WIDTH}px; height: ${HEIGHT}px }
  </style><pre><b>$ npx -y deno@2.9.6 task client ${options.join(" ")}</b>\n${drawn(typist.screen)}</pre>
  <img src="data:image/png;base64,${page}">`);
  await picture.screenshot({ path: new URL(`../../docs/${file}`, import.meta.url).pathname });
  await typist.type("\x15\x04"); // the line is emptied, and the client leaves
  await typist.ended;
}

/** What a terminal shows, as HTML. */
function drawn(screen: Screen): string {
  const rows = screen.styled.map((row) =>
    row.map(({ text, style }) => `<span style="${css(style)}">${escaped(text)}</span>`).join("")
  );
  const { row, column } = screen;
  return rows.join("\n") +
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
