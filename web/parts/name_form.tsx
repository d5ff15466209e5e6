/** A field for a name, and a button that sends it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** @param send a name that it resolves to true for is done with, and the field is empty again */
export function NameForm({ label, button = label, value = "", send }: {
  label: string;
  button?: string;
  value?: string;
  send: (name: string) => Promise<boolean> | void;
}): JSX.Element {
  const [name, setName] = useState(value);
  return (
    <form
      class="row"
      onSubmit={async (event) => {
        event.preventDefault();
        if (name.trim() !== "" && await send(name.trim()) === true) setName("");
      }}
    >
      <input
        type="text"
        aria-label={label}
        placeholder={label}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit">{button}</button>
    </form>
  );
}
