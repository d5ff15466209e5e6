/** The dialog about a person: write privately, ignore, and moderation for an operator. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isIgnored } from "../model/state.ts";
import { isOperator } from "../model/moderation.ts";
import { BanList } from "../moderation/ban_list.tsx";
import { bansOf, inForce } from "../moderation/order.ts";
import { OrderForm } from "../moderation/order_form.tsx";
import { orderCatalogues } from "../moderation/words.ts";
import { isWide, useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { Badge, Icon } from "./icons.tsx";
import { StatusText } from "./status.tsx";

export function PersonDialog({ name }: { name: string }): JSX.Element {
  const { state, words, view, dispatch, updateView, focusField } = useApp();
  const { ordered } = state, ignored = isIgnored(state, name), known = state.contacts.has(name);
  /** An order from before this was opened does not close it. */
  const before = useRef(ordered);
  useEffect(() => {
    dispatch({ on: "dismissOrder" });
    dispatch({ on: "bans" });
  }, []);
  return (
    <Dialog title={name} isOver={ordered?.state === "done" && ordered !== before.current} returns>
      <p class="whom quiet small">
        <Badge words={words} {...state.roles.get(name)} />
        {state.online.has(name) ? words.online : words.offline} <StatusText name={name} />
      </p>
      <div class="row">
        <button
          type="button"
          onClick={() => {
            updateView({ dialog: undefined, panel: isWide() ? view.panel : undefined });
            dispatch({ on: "open", key: name });
            focusField();
          }}
        >
          {words.writeTo}
        </button>
        <button type="button" aria-pressed={ignored} onClick={() => dispatch({ on: "ignore", name, is: !ignored })}>
          {ignored ? words.unignore : words.ignore}
        </button>
        {state.hasAccount && (
          <button
            type="button"
            aria-pressed={known}
            onClick={() => dispatch({ on: "contact", name, add: !known })}
          >
            {known ? words.dropContact : words.addContact}
          </button>
        )}
      </div>
      <p class="quiet small" role="status">{ignored ? words.ignored(name) : words.ignoreHint}</p>
      {isOperator(state) && <Moderation name={name} />}
    </Dialog>
  );
}

/** What an operator can do: lift bans, give an order, appoint. */
function Moderation({ name }: { name: string }): JSX.Element {
  const { state, view, dispatch } = useApp();
  const { ordered, bans = [], bansAt } = state, mine = bansOf(inForce(bans, bansAt), { name });
  const orders = orderCatalogues[view.language], standing = state.roles.get(name), role = standing?.role;
  return (
    <section>
      <h3>{orders.moderate}</h3>
      <BanList
        bans={mine}
        words={orders}
        language={view.language}
        give={(order) => dispatch({ on: "order", order })}
      />
      <OrderForm
        target={{ name, guests: standing?.guests }}
        words={orders}
        ordered={ordered}
        give={(order) => dispatch({ on: "order", order })}
      />
      {(role === "account" || role === "operator") && (
        <button
          type="button"
          class="appoint"
          onClick={() =>
            dispatch({ on: "order", order: { action: role === "operator" ? "demote" : "promote", user_id: name } })}
        >
          <Icon of="shield" />
          <span>{role === "operator" ? orders.demote : orders.promote}</span>
        </button>
      )}
    </section>
  );
}
