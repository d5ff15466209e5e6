/** The class page: the students as cards, and one student's traffic beside them. */
import type { JSX } from "preact";
import { Bans } from "../moderation/bans.tsx";
import { Greeting } from "../moderation/greeting.tsx";
import { orderCatalogues } from "../moderation/words.ts";
import { Announcer } from "./announcer.tsx";
import { Cards } from "./cards.tsx";
import { StudentDetail } from "./detail.tsx";
import type { PageProps } from "./props.ts";
import { Header } from "./header.tsx";
import { LoginForm, whyOf } from "./login_form.tsx";
import { ModerationDialog } from "./moderation_dialog.tsx";
import { SaveDialog } from "./save_dialog.tsx";

export function Page(given: PageProps): JSX.Element {
  const { roster, session, words, view, updateView } = given;
  const { ordered, give, dismiss } = given, close = () => updateView({ dialog: undefined });
  const dialog = {
    words: orderCatalogues[view.language],
    language: view.language,
    closeLabel: words.close,
    ordered,
    give,
    dismiss,
    close,
  };
  const opened = roster.students.find(({ key }) => key === view.openStudent);
  return (
    <div class={opened === undefined ? "class" : "class split"} onKeyDown={pressed}>
      <Header {...given} />
      {session.stage === "denied" ? <LoginForm {...given} why={whyOf(session, words)} /> : <Cards {...given} />}
      {session.stage !== "denied" && opened !== undefined && (
        <StudentDetail {...given} key={opened.key} student={opened} />
      )}
      {view.dialog === "bans" && <Bans {...dialog} bans={given.bans} />}
      {view.dialog === "greeting" && <Greeting {...dialog} text={given.greeting} />}
      {view.dialog === "transcript" && <SaveDialog {...given} />}
      {view.dialog === "orders" && opened !== undefined && <ModerationDialog {...given} student={opened} />}
      <Announcer {...given} />
    </div>
  );

  function pressed({ key }: KeyboardEvent): void {
    if (key !== "Escape" || view.openStudent === undefined || view.dialog !== undefined) return;
    updateView({ openStudent: undefined });
    document.querySelector<HTMLElement>(`#student-${view.openStudent}`)?.focus();
  }
}
