/** The file of a message: a picture in its own proportions, so that nothing moves when it is there; or a download. */
import type { JSX } from "preact";
import type { MessageFile } from "../conversation.ts";
import { formatBytes } from "../formats.ts";
import { Icon } from "./icons.tsx";

/** The largest picture in a message, in pixels. */
const WIDTH = 360, HEIGHT = 320;

/** A picture that is shown as large as the window. */
export interface Picture {
  readonly name: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

/** @param view opens a picture */
export function MessageFileView({ file, language, view }: {
  file: MessageFile;
  language: "en" | "ru";
  view: (picture: Picture) => void;
}): JSX.Element {
  const { name, size, key, width, height } = file;
  const about = (
    <>
      <Icon of="file" />
      <span class="what">
        <bdi>{name}</bdi> <span class="quiet small">{formatBytes(size, language)}</span>
      </span>
    </>
  );
  if (key === undefined) return <span class="file">{about}</span>; // it is our own, and not acknowledged
  const path = `files/${key}/${encodeURIComponent(name)}`;
  if (width === undefined || height === undefined) return <a class="file" href={path} download={name}>{about}</a>;
  const scale = Math.min(1, WIDTH / width, HEIGHT / height),
    sides = [width, height].map((side) => Math.ceil(side * scale));
  return (
    <a
      class="picture"
      href={path}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
        event.preventDefault();
        view({ name, path, width, height });
      }}
    >
      <img src={path} alt={name} width={sides[0]} height={sides[1]} loading="lazy" decoding="async" />
    </a>
  );
}
