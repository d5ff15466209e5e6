/** The user's preferences: the language and the theme. */
import type { JSX } from "preact";
import { languages } from "../words.ts";
import { useApp } from "./context.ts";
import { Choice } from "./choice.tsx";

export function LanguageChoice(): JSX.Element {
  const { words, view, updateView } = useApp();
  return (
    <Choice
      name="language"
      label={words.language}
      value={view.language}
      of={languages}
      choose={(language) => updateView({ language })}
    />
  );
}

export function ThemeChoice(): JSX.Element {
  const { words, view, updateView } = useApp();
  return (
    <Choice
      name="theme"
      label={words.theme}
      value={view.theme}
      of={words.themes}
      choose={(theme) => updateView({ theme })}
    />
  );
}
