/** One of a few, side by side: radio buttons, as the keyboard and screen readers know them. */
import type { JSX } from "preact";

export function Choice<V extends string>({ name, label, value, of, choose }: {
  name: string;
  label: string;
  value: V;
  of: Readonly<Partial<Record<V, string>>>;
  choose: (value: V) => void;
}): JSX.Element {
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {(Object.keys(of) as V[]).map((each) => (
        <label key={each}>
          <input type="radio" name={name} value={each} checked={each === value} onChange={() => choose(each)} />
          <span>{of[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
