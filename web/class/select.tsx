/** A choice of one value from a menu. */
import type { JSX } from "preact";

export function Select<T extends string>(
  { label, value, choices, choose }: {
    label: string;
    value: T;
    choices: Readonly<Record<T, string>>;
    choose(value: T): void;
  },
): JSX.Element {
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => choose(currentTarget.value as T)}>
      {Object.entries<string>(choices).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
    </select>
  );
}
