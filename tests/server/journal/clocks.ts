export const MINUTE = 60_000, DAY = 24 * 60 * MINUTE;

/** Two clocks that run together, until somebody sets the one on the wall. */
export function clocks(start = 1000 * DAY) {
  let now = 0, ahead = start;
  return {
    wall: () => now + ahead,
    now: () => now,
    pass: (ms: number) => now += ms,
    set: (ms: number) => ahead += ms,
  };
}
