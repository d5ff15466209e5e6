/** The screen of the class: who is here as cards, and one student's conversation beside them. */
import type { JSX } from "preact";
import { Bans } from "../moderation/bans.tsx";
import { Greeting } from "../moderation/greeting.tsx";
import { orderCatalogues } from "../moderation/words.ts";
import { Announcer } from "./announcer.tsx";
import { Cards } from "./cards.tsx";
import { Detail } from "./detail.tsx";
import type { Given } from "./given.ts";
import { Head } from "./head.tsx";
import { Login, whyOf } from "./login.tsx";
import { Orders } from "./orders.tsx";

export function Page(given: Given): JSX.Element {
  const { roll, visit, words, view, see } = given;
  const { ordered, give, dismiss } = given, close = () => see({ dialog: undefined });
  const dialog = {
    words: orderCatalogues[view.language],
    language: view.language,
    closeLabel: words.close,
    ordered,
    give,
    dismiss,
    close,
  };
  const opened = roll.students.find(({ key }) => key === view.open);
  return (
    <div class={opened === undefined ? "class" : "class split"} onKeyDown={pressed}>
      <Head {...given} />
      {visit.stage === "barred" ? <Login {...given} why={whyOf(visit, words)} /> : <Cards {...given} />}
      {visit.stage !== "barred" && opened !== undefined && <Detail {...given} key={opened.key} student={opened} />}
      {view.dialog === "bans" && <Bans {...dialog} bans={given.bans} />}
      {view.dialog === "greeting" && <Greeting {...dialog} text={given.greeting} />}
      {view.dialog === "orders" && opened !== undefined && <Orders {...given} student={opened} />}
      <Announcer {...given} />
    </div>
  );

  function pressed({ key }: KeyboardEvent): void {
    if (key !== "Escape" || view.open === undefined || view.dialog !== undefined) return;
    see({ open: undefined });
    document.querySelector<HTMLElement>(`#student-${view.open}`)?.focus();
  }
}
