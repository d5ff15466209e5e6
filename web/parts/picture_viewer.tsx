/** Shows a picture as large as the window has room for. Escape, its button or a click beside it close it. */
import type { JSX } from "preact";
import { useApp } from "./context.ts";
import type { Picture } from "./message_file.tsx";
import { Modal } from "./modal.tsx";

export function PictureViewer({ name, path, width, height }: Picture): JSX.Element {
  const { words, updateView } = useApp();
  return (
    <Modal
      title={name}
      closeLabel={words.close}
      isWide
      returns
      close={() => updateView({ dialog: undefined })}
    >
      <img class="viewed" src={path} alt={name} width={width} height={height} />
      <p class="row">
        <a href={path} download={name}>{words.download}</a>
        <a href={path} target="_blank" rel="noopener noreferrer">{words.openInTab}</a>
      </p>
    </Modal>
  );
}
