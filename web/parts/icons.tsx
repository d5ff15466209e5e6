/**
 * Icons, a button with an icon, a person's avatar and badge. An icon has no text of its own: the element around it has
 * a label.
 */
import type { JSX } from "preact";
import type { Role } from "../../jim/client/event.ts";
import type { Words } from "../words.ts";

const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9a6 6 0 0 1 12 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.6a6 6 0 0 1 3 5.4",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5",
  more: "M5 12.5a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1Zm7 0a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1Zm7 0a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1Z",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  leave: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h9",
  star: "m12 4 2.4 5 5.6.7-4.1 3.9 1 5.4-4.9-2.6L7.1 19l1-5.4L4 9.7 9.6 9Z",
  send: "M5 12 4 4l17 8-17 8 1-8Zm0 0h7",
  down: "M12 5v14m-6-6 6 6 6-6",
  reply: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
  edit: "M4 20h4L19 9l-4-4L4 16Zm9-13 4 4",
  delete: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-4-7a4.5 4.5 0 0 0 8 0M9 9.5v.5M15 9.5v.5",
  thread: "M4 5h16v11H10l-4 4v-4H4ZM8 9h8M8 12h5",
  bell: "M6 17V11a6 6 0 1 1 12 0v6l1.5 2h-15ZM10 21h4",
  silent: "M6 17V11a6 6 0 0 1 9-5.2M18 11v6l1.5 2h-15L6 17M10 21h4M4 4l16 16",
  gear:
    "M4 7h10M18 7h2M4 17h2M10 17h10M16 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  clip: "m19 11-7.5 7.5a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-7.6 7.6a1.5 1.5 0 0 1-2.2-2.1l7-7",
  file: "M7 3h7l4 4v14H7ZM14 3v4h4M10 12h5M10 16h5",
  copy: "M9 9h11v11H9ZM5 15H4V4h11v1",
  check: "m5 13 4 4L19 7",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3ZM12 15v6",
  lock: "M6 11h12v9H6Zm2 0V8a4 4 0 0 1 8 0v3",
  shield: "M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6Z",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5Z",
  speech: "M5 5h14v10H10l-5 4Z",
  dice: "M20 12a8 8 0 1 1-2.3-5.6M20 3v4h-4",
};

/** An icon in the colour of the text around it. */
export function Icon({ of }: { of: keyof typeof ICONS }): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[of]} />
    </svg>
  );
}

/** A button with an icon: the label is its tooltip, and screen readers read it. */
export function IconButton({ of, label, pressed, keys, click }: {
  of: keyof typeof ICONS;
  label: string;
  pressed?: boolean;
  /** The key that does the same. */
  keys?: string;
  click: (event: MouseEvent) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="icon"
      aria-label={label}
      title={keys === undefined ? label : `${label} (${keys.toUpperCase()})`}
      aria-keyshortcuts={keys}
      aria-pressed={pressed}
      onClick={click}
    >
      <Icon of={of} />
    </button>
  );
}

/** Making one takes a hundred times as long as using it. */
const segmenter = new Intl.Segmenter();

/** How many colours names have. */
const COLOURS = 10;

/** The CSS class of a name's colour, always the same one. */
export function colourOf(name: string): string {
  let hash = 7;
  for (const sign of name) hash = (hash * 31 + sign.codePointAt(0)!) >>> 0;
  return `c${hash % COLOURS}`;
}

/**
 * The avatar of a person: the first letter of the name, in the name's colour.
 *
 * @param hue the text that gives the colour; guests of one name have different colours
 */
export function Avatar({ name, hue = name, here }: { name: string; hue?: string; here?: boolean }): JSX.Element {
  const [first] = segmenter.segment(name);
  return (
    <span class={`face ${colourOf(hue)} ${here ? "here" : ""}`} aria-hidden="true">
      {first?.segment.toUpperCase()}
    </span>
  );
}

/**
 * The badge beside a name: the role, or the number of a guest. It is drawn, so that no text in a name can imitate it.
 */
export function Badge({ words, role, guest, guests, isBot = false }: {
  words: Words;
  role?: Role | undefined;
  guest?: number | undefined;
  /** How many guests go by the name. */
  guests?: number | undefined;
  /** It is a program's account. */
  isBot?: boolean;
}): JSX.Element | null {
  if (role === "operator" || role === "account") {
    return (
      <span class={`badge ${role}`} title={isBot ? words.botHint : words.roleHints[role]}>
        <Icon of={role === "operator" ? "shield" : "check"} />
        <span class={role === "operator" || isBot ? "" : "unseen"}>{isBot ? words.bot : words.roles[role]}</span>
      </span>
    );
  }
  const [sign, label] = guest !== undefined
    ? [`#${guest}`, words.namesake(guest)]
    : guests !== undefined
    ? [`×${guests}`, words.namesakes(guests)]
    : [];
  if (sign === undefined) return null;
  return (
    <span class="badge" title={label}>
      <span aria-hidden="true">{sign}</span>
      <span class="unseen">{label}</span>
    </span>
  );
}
