/** The open conversation: its header, banners, messages and message field. */
import type { JSX, RefObject } from "preact";
import { COMMON_ROOM } from "../../jim/message.ts";
import { currentConversation, hasServerHistory, isIgnored } from "../model/state.ts";
import { isRoom } from "../conversation.ts";
import { levelOf } from "../notifications.ts";
import { Banners } from "./banners.tsx";
import { roomTitle, titleOf, useApp } from "./context.ts";
import { MessageField } from "./message_field.tsx";
import { MessageList } from "./message_list.tsx";
import { Avatar, Badge, Icon, IconButton } from "./icons.tsx";
import { PersonButton } from "./person_button.tsx";
import { StatusText } from "./status.tsx";
import { TypingLine } from "./typing_line.tsx";
import { DropTarget } from "./uploads.tsx";

export function ConversationView({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { state, words, dispatch, updateView } = useApp();
  const { key } = currentConversation(state);
  return (
    <main class="conversation" aria-label={titleOf(key, words)}>
      <header class="top">
        <MenuButton />
        {!isRoom(key) && <Avatar name={key} here={state.online.has(key)} />}
        <Title />
        {!isRoom(key) && <PersonTools name={key} />}
        <PanelButtons />
        {isRoom(key) && key !== COMMON_ROOM && (
          <IconButton
            of="gear"
            label={words.roomSettings}
            click={() => updateView({ dialog: { room: key } })}
          />
        )}
        {key !== COMMON_ROOM && (
          <IconButton
            of={isRoom(key) ? "leave" : "close"}
            label={isRoom(key) ? words.leave : words.putAway}
            click={() => dispatch({ on: "close", key })}
          />
        )}
      </header>
      <Banners />
      <MessageList key={key} />
      <TypingLine />
      <DropTarget />
      <MessageField field={field} />
    </main>
  );
}

/** Opens the list of conversations where it is hidden, and shows whether another one has unread messages. */
function MenuButton(): JSX.Element {
  const { state, words, view, updateView } = useApp();
  const { conversations, open } = state;
  const others = [...conversations.values()].reduce((sum, each) => each.key === open ? sum : sum + each.unread, 0);
  return (
    <button
      type="button"
      class="icon narrow"
      aria-label={others > 0 ? `${words.menu}, ${words.unread(others)}` : words.menu}
      aria-expanded={view.isListOpen}
      aria-controls="places"
      onClick={() => updateView({ isListOpen: true })}
    >
      <Icon of="menu" />
      {others > 0 && <span class="dot" />}
    </button>
  );
}

/** The name of the room or person; below it how many people are here, or the person's standing, and the topic. */
function Title(): JSX.Element {
  const { state, words } = useApp(), conversation = currentConversation(state), { key } = conversation;
  const topic = conversation.topic && !isIgnored(state, conversation.topic.by) ? conversation.topic : undefined;
  const people = key === COMMON_ROOM ? state.online : isRoom(key) ? state.members : undefined;
  const here = people && [...people].reduce((sum, name) => sum + (state.roles.get(name)?.guests ?? 1), 0);
  const standing = state.roles.get(key);
  return (
    <div class="title">
      <h1>
        <bdi>{roomTitle(state, key, words)}</bdi>
      </h1>
      <p class="quiet small" title={topic && `${topic.text} (${topic.by})`}>
        {here !== undefined ? words.here(here) : [
          ...(standing?.role === undefined ? [] : [words.roles[standing.role]]),
          ...(standing?.guests === undefined ? [] : [words.namesakes(standing.guests)]),
          state.online.has(key) ? words.online : words.offline,
        ].join(", ")}
        {topic && <bdi class="about">{topic.text}</bdi>}
        {!isRoom(key) && <StatusText name={key} />}
      </p>
    </div>
  );
}

function PersonTools({ name }: { name: string }): JSX.Element {
  const { state, words, dispatch } = useApp();
  const known = state.contacts.has(name);
  return (
    <>
      <Badge words={words} {...state.roles.get(name)} />
      {state.hasAccount && (
        <span class="wide">
          <IconButton
            of="star"
            label={known ? words.dropContact : words.addContact}
            pressed={known}
            click={() => dispatch({ on: "contact", name, add: !known })}
          />
        </span>
      )}
      <PersonButton name={name} />
    </>
  );
}

/** The buttons of what is told, saved and found of the conversation, and of the people. */
function PanelButtons(): JSX.Element {
  const { state, words, view, updateView } = useApp(), { open } = state;
  const toggle = (panel: "search" | "people") => updateView({ panel: view.panel === panel ? undefined : panel });
  const level = levelOf(view.notifications, open);
  return (
    <>
      <span class="wide">
        <IconButton
          of={level === "none" ? "silent" : "bell"}
          label={`${words.notifications}: ${words.levels[level]}`}
          click={() => updateView({ dialog: "notifications" })}
        />
      </span>
      {hasServerHistory(state, open) && (
        <span class="wide">
          <IconButton of="save" label={words.saveConversation} click={() => updateView({ dialog: "transcript" })} />
        </span>
      )}
      {hasServerHistory(state, open) && (
        <IconButton
          of="search"
          label={words.search}
          pressed={view.panel === "search"}
          click={() => toggle("search")}
        />
      )}
      {/* A phone has no room for this button beside the name of a person. */}
      <span class={isRoom(open) ? undefined : "wide"}>
        <IconButton
          of="people"
          label={words.showPeople}
          pressed={view.panel === "people"}
          click={() => toggle("people")}
        />
      </span>
    </>
  );
}
