// One's own account in a real browser: the sessions are listed and ended, the password is changed, the account is deleted.

import assert from "node:assert/strict";
import { deviceName } from "../../web/own_account.ts";
import { unmeasured } from "../unmeasured.ts";
import { browse, cannot, PASSWORD, serve, type Tab } from "./browser.ts";
import { violations } from "./violations.ts";

const NEW = "battery staple";

/** The one-time password that the class tool gives to a name. */
async function cardFor(name: string, data: string): Promise<string> {
  const child = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "-P=class", `--allow-read=${data}`, `--allow-write=${data}`, "tools/class.ts"]
      .concat("-", "--text", "--sheet", "-", "--data", data),
    ...unmeasured({ LC_ALL: "C" }),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(name));
  await writer.close();
  const { stdout } = await child.output();
  return /first login: +(\S+)/.exec(new TextDecoder().decode(stdout))![1]!;
}

/** Logs in by a one-time password, which is followed by a password that is too short, and by a right one. */
async function comeInByCard({ page, field }: Tab, name: string, oneTime: string): Promise<void> {
  await page.getByRole("radio", { name: "Log in", exact: true }).check();
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password").fill(oneTime);
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("That password is for the first login only: choose your own.").waitFor();
  const own = page.getByLabel("Your own password");
  assert.deepEqual(await violations(page), []);
  assert.equal(await own.evaluate((input) => input.matches(":focus")), true);
  await own.fill("short");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("new_password: expected at least 8 characters").waitFor();
  await own.fill(PASSWORD);
  await page.keyboard.press("Enter");
  await field.waitFor();
}

async function openSettings({ page }: Tab) {
  await page.getByRole("button", { name: "Settings" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Where you are logged in").waitFor();
  return dialog;
}

Deno.test("page changes the password, lists and ends sessions, and deletes the account, with the keyboard too", {
  ignore: cannot,
}, async () => {
  await using server = await serve();
  await using browser = await browse();
  const ann = await browser.open(server.url, { bypassCSP: true });
  await comeInByCard(ann, "Ann", await cardFor("Ann", server.folder));
  await ann.say("to be kept");
  const phone = await browser.open(server.url);
  await phone.logIn("Ann");

  const dialog = await openSettings(ann), sessions = dialog.getByRole("listitem");
  await sessions.nth(1).waitFor();
  const shown = await sessions.allTextContents();
  assert.match(shown[0]!, /^Chrome, Linux since .*, this one$/);
  assert.match(shown[1]!, /^Chrome, Linux since .*, connectedEnd$/);
  assert.deepEqual(await violations(ann.page), []);
  await ann.page.setViewportSize({ width: 360, height: 740 });
  assert.deepEqual(await violations(ann.page), []);
  const folder = Deno.env.get("HANITA_SHOTS");
  if (folder !== undefined) await ann.page.screenshot({ path: `${folder}/account-phone.png`, fullPage: true });
  await ann.page.setViewportSize({ width: 1280, height: 900 });
  if (folder !== undefined) {
    await ann.page.emulateMedia({ colorScheme: "dark" });
    await ann.page.screenshot({ path: `${folder}/account-dark.png` });
    await ann.page.emulateMedia({ colorScheme: "light" });
    await ann.page.screenshot({ path: `${folder}/account-light.png` });
  }
  await dialog.getByRole("button", { name: "End: Chrome, Linux" }).focus();
  await ann.page.keyboard.press("Enter");
  await dialog.getByText("The session has ended.").waitFor();
  await phone.page.getByRole("alert").getByText("You have been logged out").waitFor();

  const download = ann.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save my data" }).click();
  const lines = (await Deno.readTextFile(await (await download).path())).trim().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ action, user_id, message }) => [action, user_id ?? message]),
    [
      ["account_list", "Ann"],
      ["session_list", undefined],
      ["msg", "to be kept"],
    ],
  );

  async function change(from: string, to: string): Promise<void> {
    await dialog.getByLabel("Present password").fill(from);
    await dialog.getByLabel("New password").fill(to);
    await ann.page.keyboard.press("Enter");
  }
  await change("a wrong guess", NEW);
  await dialog.getByText('password: expected the present one of the account "Ann"').waitFor();
  await change(PASSWORD, NEW);
  await dialog.getByText("You have a new password.").waitFor();
  await ann.page.reload(); // by the new token
  await ann.say("still here");

  const again = await openSettings(ann);
  await again.getByRole("button", { name: "Delete my account" }).click();
  const form = again.locator("form").filter({ hasText: "Delete it for good" });
  await form.getByLabel("Present password").fill(NEW);
  await ann.page.keyboard.press("Enter");
  await ann.page.getByRole("textbox", { name: /^Your name/ }).waitFor();
  assert.equal(await ann.page.evaluate(() => localStorage.getItem("hanita-session")), null);
  for (const tab of [ann, phone]) assert.deepEqual(tab.wrong, []);
});

Deno.test("deviceName knows browsers and systems, and says less of others", () => {
  const linux =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36";
  const phone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1";
  const edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
  const names = [linux, phone, edge, "Gopher/1"].map(deviceName);
  assert.deepEqual(names, ["Chrome, Linux", "Safari, iPhone", "Edge, Windows", "Browser"]);
});
