/** A field for a text that is as high as the text. */
import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { DEFAULT_LIMITS } from "../../jim/limits.ts";

/** The most characters of a message; a server may allow fewer, and then refuses the message. */
const LONGEST = DEFAULT_LIMITS.text;

/**
 * @param border pixels above and below the text
 * @returns how many characters are too many, and what is to be called when the text has changed
 */
export function useFit(field: RefObject<HTMLTextAreaElement | null>, border = 0): { over: number; fit(): void } {
  const [over, setOver] = useState(0);
  function fit(): void {
    const box = field.current!, { length } = box.value;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + border}px`;
    setOver(length > LONGEST ? Math.max(0, [...box.value].length - LONGEST) : 0);
  }
  return { over, fit };
}
