/**
 * Copies a text, and tells whether it could. Only a page over HTTPS, or of this machine, has the browser's clipboard.
 *
 * @param shown the element that shows the text, which is selected where there is no clipboard
 */
export async function copyText(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
