/** The dialog of a room: its members with their ranks, what is pinned, and what its owners and moderators do. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { isOperator } from "../model/moderation.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import { refusalText } from "../formats.ts";
import { roomTitle, useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { NameForm } from "./name_form.tsx";
import { PeopleChooser } from "./people_chooser.tsx";
import { Hooks } from "./programs.tsx";
import { RoomMembers } from "./room_members.tsx";
import { Sure } from "./sure.tsx";

export function RoomDialog({ room }: { room: string }): JSX.Element {
  const { state, words, dispatch } = useApp(), { details } = state;
  useEffect(() => {
    dispatch({ on: "room", room });
    return () => dispatch({ on: "room", room: undefined });
  }, []);
  // A room that was renamed meanwhile keeps its dialog.
  const key = details?.room ?? room, { rank, users } = state.roomInfo.get(key) ?? {}, isGroup = users !== undefined;
  const isOwner = !isGroup && (rank === "owner" || isOperator(state)), mayModerate = isOwner || rank === "moderator";
  const title = roomTitle(state, key, words), isOver = !state.conversations.has(key);
  // Members and pins are there with all the rest, so that nothing moves under a pointer.
  if (details?.members === undefined) {
    return (
      <Dialog {...{ title, isOver }} returns>
        {details?.why === undefined ? <p class="quiet small">{words.loading}</p> : <Problem why={details.why} />}
      </Dialog>
    );
  }
  return (
    <Dialog {...{ title, isOver }} returns>
      {details.why !== undefined && <Problem why={details.why} />}
      <RoomMembers room={key} isOwner={isOwner} mayModerate={mayModerate} />
      {(mayModerate || isGroup) && (
        <section>
          <PeopleChooser
            label={isGroup ? words.addToGroup : words.invite}
            without={details.members.map(({ name }) => name)}
            send={(names) => {
              for (const user_id of names) {
                dispatch({ on: "roomOrder", object: { action: "invite", room: key, user_id } });
              }
            }}
          />
        </section>
      )}
      {details.pins.length > 0 && <Pins room={key} mayUnpin={mayModerate || isGroup} />}
      {isOwner && <Hooks room={key} />}
      {isOwner && <Settings room={key} />}
    </Dialog>
  );
}

/** Why something was refused, or not done. */
function Problem({ why }: { why: Refusal }): JSX.Element {
  const { words, view } = useApp();
  return <p class="problem" role="alert" dir="auto">{refusalText(why, words.notDone, view.language)}</p>;
}

/** Lists the pinned messages that are loaded with their first words, and goes to one. */
function Pins({ room, mayUnpin }: { room: string; mayUnpin: boolean }): JSX.Element {
  const { state, words, dispatch, updateView } = useApp();
  const messages = state.conversations.get(room)?.messages ?? [];
  return (
    <section>
      <h3>{words.pinned}</h3>
      <ul class="members">
        {state.details!.pins.map((id) => {
          const found = messages.find((each) => each.id === id);
          const text = found === undefined ? words.olderMessage : `${found.from}: ${found.text}`;
          return (
            <li key={id}>
              <button
                type="button"
                class="pinned"
                dir="auto"
                onClick={() => {
                  updateView({ dialog: undefined });
                  dispatch({ on: "open", key: room });
                  dispatch({ on: "jumpTo", id });
                }}
              >
                {text}
              </button>
              {mayUnpin && (
                <button
                  type="button"
                  aria-label={`${words.unpin}: ${text}`}
                  onClick={() => dispatch({ on: "roomOrder", object: { action: "pin", to: room, id, is: false } })}
                >
                  {words.unpin}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What an owner decides. */
function Settings({ room }: { room: string }): JSX.Element {
  const { state, words, dispatch } = useApp();
  const { isPrivate = false, isForAnnouncements = false } = state.roomInfo.get(room) ?? {};
  const order = (object: Record<string, unknown>) => dispatch({ on: "roomOrder", object: { room, ...object } });
  return (
    <section>
      <h3>{words.settings}</h3>
      <Check is={isPrivate} change={(is) => order({ action: "configure", private: is })}>{words.privateRoom}</Check>
      <Check is={isForAnnouncements} change={(is) => order({ action: "configure", announcements: is })}>
        {words.announcementRoom}
      </Check>
      <NameForm
        label={words.renameRoom}
        value={room.slice(1)}
        send={(name) => order({ action: "rename", name: `#${name.replace(/^#/, "")}` })}
      />
      <Sure label={words.clearRoom} hint={words.clearHint} act={() => order({ action: "clear" })} />
      <Sure label={words.removeRoom} hint={words.removeRoomHint} act={() => order({ action: "remove" })} />
    </section>
  );
}

function Check({ is, change, children }: {
  is: boolean;
  change: (is: boolean) => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={is} onChange={(event) => change(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}
