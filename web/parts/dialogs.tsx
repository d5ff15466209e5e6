/** What opens above the page. Each dialog is in a file of its own. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Bans, type OrderDialog } from "../moderation/bans.tsx";
import { Greeting } from "../moderation/greeting.tsx";
import { inForce } from "../moderation/order.ts";
import { orderCatalogues } from "../moderation/words.ts";
import { useApp } from "./context.ts";
import { Go } from "./go.tsx";
import { Person } from "./person.tsx";
import { Settings } from "./settings.tsx";

export function Dialogs(): JSX.Element | null {
  const { view } = useApp();
  const { dialog } = view;
  if (dialog === undefined) return null;
  if (typeof dialog === "object") return <Person key={dialog.about} name={dialog.about} />;
  if (dialog === "bans" || dialog === "greeting") return <Orders of={dialog} />;
  return dialog === "go" ? <Go /> : <Settings />;
}

/** What operators share with the class. */
function Orders({ of }: { of: "bans" | "greeting" }): JSX.Element {
  const { state, words, view, dispatch, see } = useApp();
  useEffect(() => {
    if (of === "bans") dispatch({ on: of });
  }, []);
  const given: OrderDialog = {
    words: orderCatalogues[view.language],
    language: view.language,
    closeLabel: words.close,
    ordered: state.ordered,
    give: (order) => dispatch({ on: "order", order }),
    dismiss: () => dispatch({ on: "told" }),
    close: () => see({ dialog: undefined }),
  };
  if (of === "greeting") return <Greeting {...given} text={state.greeting} />;
  return <Bans {...given} bans={state.bans && inForce(state.bans)} />;
}
