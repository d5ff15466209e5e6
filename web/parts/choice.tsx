/** A choice of a few values side by side: radio buttons, which keyboards and screen readers support. */
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
