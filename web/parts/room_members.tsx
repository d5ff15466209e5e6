/** The members of a room with their ranks, and what its owners and moderators do with them. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { banIn, type ListedBan } from "../../jim/client/ban.ts";
import type { ListRow } from "../../jim/client/event.ts";
import { RANKS } from "../../jim/message.ts";
import { BanList } from "../moderation/ban_list.tsx";
import type { Order, Ordered } from "../moderation/order.ts";
import { OrderForm, refusalOf } from "../moderation/order_form.tsx";
import { orderCatalogues } from "../moderation/words.ts";
import { useApp } from "./context.ts";
import { Avatar, Badge, IconButton } from "./icons.tsx";

/** What the user may do in the room. */
interface Rights {
  readonly room: string;
  readonly isOwner: boolean;
  readonly mayModerate: boolean;
}

export function RoomMembers(rights: Rights): JSX.Element {
  const { state, words } = useApp(), members = state.details?.members;
  return (
    <section>
      <h3>{words.roomMembers}</h3>
      {members === undefined ? <p class="quiet small">{words.loading}</p> : (
        <ul class="members">
          {members.map((row) => <Member key={row.name} row={row} {...rights} />)}
        </ul>
      )}
      {rights.mayModerate && <RoomBans room={rights.room} members={members} />}
    </section>
  );
}

function Member({ row, room, isOwner, mayModerate }: Rights & { row: ListRow }): JSX.Element {
  const { state, words, dispatch } = useApp(), [isModerated, moderate] = useState(false);
  const { name, role } = row, { rank = "member", isInvited, isOnline } = row.room ?? {};
  const mayModerateThis = mayModerate && name !== state.me!.name && (isOwner || rank === "member");
  return (
    <li>
      <Avatar name={name} here={isOnline !== false} />
      <bdi class="name">{name}</bdi>
      <Badge words={words} {...role === undefined ? {} : { role }} />
      {isInvited && <span class="quiet small">{words.isInvited}</span>}
      {isOwner && role !== "guest" && !isInvited
        ? <RankChoice {...{ room, name, rank }} />
        : rank !== "member" && <span class="quiet small">{words.ranks[rank as typeof RANKS[number]]}</span>}
      {mayModerateThis && isInvited && (
        <button
          type="button"
          aria-label={words.uninvite(name)}
          onClick={() => dispatch({ on: "roomOrder", object: { action: "uninvite", room, user_id: name } })}
        >
          {words.takeBack}
        </button>
      )}
      {mayModerateThis && !isInvited && (
        <IconButton
          of="more"
          label={words.moderate(name)}
          pressed={isModerated}
          click={() => moderate(!isModerated)}
        />
      )}
      {isModerated && mayModerateThis && <RoomOrder room={room} name={name} close={() => moderate(false)} />}
    </li>
  );
}

function RankChoice({ room, name, rank }: { room: string; name: string; rank: string }): JSX.Element {
  const { words, dispatch } = useApp();
  return (
    <select
      aria-label={words.rankOf(name)}
      value={rank}
      onChange={({ currentTarget: { value } }) =>
        dispatch({ on: "roomOrder", object: { action: "rank", room, user_id: name, rank: value } })}
    >
      {RANKS.map((each) => <option key={each} value={each}>{words.ranks[each]}</option>)}
    </select>
  );
}

/** Gives orders that count in the room only. */
function useRoomOrder(room: string, done: () => void): { ordered: Ordered | undefined; give(order: Order): void } {
  const { ask, dispatch } = useApp(), [ordered, setOrdered] = useState<Ordered>();
  async function give(order: Order): Promise<void> {
    setOrdered({ order, state: "asked" });
    const result = await ask({ ...order, room });
    setOrdered(result.isDone ? { order, state: "done" } : { order, state: "refused", why: result.why });
    if (!result.isDone) return;
    dispatch({ on: "room", room });
    done();
  }
  return { ordered, give };
}

function RoomOrder({ room, name, close }: { room: string; name: string; close: () => void }): JSX.Element {
  const { view } = useApp(), { ordered, give } = useRoomOrder(room, close);
  return <OrderForm target={{ name }} words={orderCatalogues[view.language]} ordered={ordered} give={give} />;
}

/** The bans and mutes of the room, if there are any; they are asked for again when its members change. */
function RoomBans({ room, members }: { room: string; members: unknown }): JSX.Element | null {
  const { view, ask } = useApp(), words = orderCatalogues[view.language], [bans, setBans] = useState<ListedBan[]>([]);
  const { ordered, give } = useRoomOrder(room, () => {});
  useEffect(() => {
    ask({ action: "bans", room }).then((result) =>
      setBans(result.isDone ? result.rows.flatMap((row) => banIn(row) ?? []) : [])
    );
  }, [room, members]);
  if (bans.length === 0) return null;
  return (
    <>
      <h3>{words.bans}</h3>
      <BanList language={view.language} {...{ bans, words, give }} />
      <p class="refusal" role="alert">{refusalOf(ordered, words)}</p>
    </>
  );
}
