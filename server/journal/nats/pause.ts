/** Waits, unless something ends first. The timer ends with it. */

/** Returns whether the time is over; false as soon as the signal is aborted. */
export function pause(milliseconds: number, ending: AbortSignal): Promise<boolean> {
  if (ending.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(true), milliseconds), abort = () => end(false);
    ending.addEventListener("abort", abort);
    function end(isOver: boolean): void {
      clearTimeout(timer);
      ending.removeEventListener("abort", abort);
      resolve(isOver);
    }
  });
}
