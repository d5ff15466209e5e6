/** The dialog that moderates one student. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { networkOf } from "../../jim/network.ts";
import { escapeInvisible } from "../../jim/invisible.ts";
import { OrderForm } from "../moderation/order_form.tsx";
import { orderCatalogues } from "../moderation/words.ts";
import { Modal } from "../parts/modal.tsx";
import type { PageProps } from "./props.ts";
import { host, type Student } from "./roster.ts";

export function ModerationDialog(
  { student, roster, session, words, view, ordered, updateView, give, dismiss }: PageProps & { student: Student },
): JSX.Element {
  const { name, address } = student, orders = orderCatalogues[view.language];
  /** An order from before this was opened does not close it. */
  const before = useRef(ordered);
  const here = roster.students.filter(({ goneAt }) => goneAt === undefined);
  const others = here.filter((each) => each.name === name).length;
  const namesakes = others > 1 ? { [student.role === undefined ? "guests" : "sessions"]: others } : {};
  // A ban of an IPv6 address is one of its network.
  const there = here.filter((each) => networkOf(host(each.address)) === networkOf(host(address)));
  const operators = there.flatMap(({ role, name }) =>
    role === "operator" && name !== undefined ? [escapeInvisible(name)] : []
  );
  useEffect(dismiss, []);
  return (
    <Modal
      title={escapeInvisible(name ?? address)}
      closeLabel={words.close}
      isOver={ordered?.state === "done" && ordered !== before.current}
      returns
      close={() => updateView({ dialog: undefined })}
    >
      <OrderForm
        target={{
          name,
          address: host(address),
          ...namesakes,
          there: { count: there.length, operators: [...new Set(operators)] },
        }}
        words={orders}
        ordered={ordered}
        give={give}
      />
      {session.stage === "inspecting" && session.isOperator && name !== undefined && (
        <div class="row">
          {(["promote", "demote"] as const).map((action) => (
            <button
              key={action}
              type="button"
              onClick={() => give({ action, user_id: name })}
            >
              {orders[action]}
            </button>
          ))}
        </div>
      )}
    </Modal>
  );
}
