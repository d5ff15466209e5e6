/** Saves what was said in a conversation as a file: a dialog of both pages. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Language } from "../../jim/explain.ts";
import type { Ask } from "../../client/protocol/query.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import { refusalText } from "../formats.ts";
import { saveFile } from "../save_file.ts";
import { fileName, readTranscript, type TranscriptOptions } from "../transcript.ts";
import { transcriptCatalogues } from "../transcript_words.ts";
import { Choice } from "./choice.tsx";
import { Modal } from "./modal.tsx";

/** What has become of a transcript. */
type Progress =
  | { readonly is: "asked" | "done"; readonly count: number }
  | { readonly is: "refused"; readonly why: Refusal };

/**
 * @param places conversations by their keys: their titles
 * @param chosen the one that is chosen at first
 */
export function TranscriptDialog({ places, chosen, language, ask, closeLabel, close }: {
  places: Readonly<Record<string, string>>;
  chosen: string;
  language: Language;
  ask: Ask;
  closeLabel: string;
  close: () => void;
}): JSX.Element {
  const words = transcriptCatalogues[language], running = useRef<AbortController>(undefined);
  const [key, setKey] = useState(chosen), [since, setSince] = useState(""), [until, setUntil] = useState("");
  const [format, setFormat] = useState<TranscriptOptions["format"]>("html"), [progress, tell] = useState<Progress>();
  const isRunning = progress?.is === "asked";
  useEffect(() => () => running.current?.abort(), []);

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const { signal } = running.current = new AbortController();
    tell({ is: "asked", count: 0 });
    const name = places[key] ?? key, texts = { ...words.transcript, title: words.title(name), name };
    const options = { key, since: timeIn(since), until: timeIn(until), format, words: texts };
    const made = await readTranscript(ask, options, (count) => tell({ is: "asked", count }), signal);
    if (signal.aborted) return;
    if ("why" in made) return tell({ is: "refused", why: made.why });
    saveFile(fileName(key, format, new Date()), format === "html" ? "text/html" : "text/markdown", made.text);
    tell({ is: "done", count: made.count });
  }

  return (
    <Modal title={words.save} returns {...{ closeLabel, close }}>
      <form class="order" onSubmit={save}>
        <label>
          <span>{words.conversation}</span>
          <select value={key} onChange={({ currentTarget }) => setKey(currentTarget.value)}>
            {Object.entries(places).map(([each, title]) => <option key={each} value={each}>{title}</option>)}
          </select>
        </label>
        <TimeField label={words.since} value={since} change={setSince} />
        <TimeField label={words.until} value={until} change={setUntil} />
        <Choice name="format" label={words.format} value={format} of={words.formats} choose={setFormat} />
        <p class="quiet small">{words.hint}</p>
        <button type="submit" class="primary" aria-disabled={isRunning} disabled={isRunning}>{words.save}</button>
        <p class="small" role="status">
          {progress?.is === "asked"
            ? words.reading(progress.count)
            : progress?.is === "done"
            ? words.saved(progress.count)
            : ""}
        </p>
        <p class="refusal" role="alert">
          {progress?.is === "refused" ? refusalText(progress.why, words.broken, language) : ""}
        </p>
      </form>
    </Modal>
  );
}

function TimeField({ label, value, change }: {
  label: string;
  value: string;
  change: (value: string) => void;
}): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <input type="datetime-local" value={value} onChange={({ currentTarget }) => change(currentTarget.value)} />
    </label>
  );
}

/** Milliseconds since 1970, by the clock of this machine; undefined for an empty field. */
function timeIn(value: string): number | undefined {
  const time = new Date(value).getTime();
  return Number.isNaN(time) ? undefined : time;
}
