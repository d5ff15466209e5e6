/** The emoji that this browser has used last; common ones before any was used. */
import { browserStore } from "../storage.ts";

const KEPT = "hanita-emoji", MOST = 24;
const COMMON = ["👍", "❤️", "😂", "🎉", "👀", "✅", "🙏", "🔥"];

let latest: readonly string[] | undefined;

/** The emoji used last, the latest first. */
export function latestEmoji(): readonly string[] {
  return latest ??= [...new Set([...(browserStore.get(KEPT)?.split(" ").filter(Boolean) ?? []), ...COMMON])];
}

/** An emoji was used. */
export function emojiUsed(emoji: string): void {
  latest = [...new Set([emoji, ...latestEmoji()])].slice(0, MOST);
  browserStore.set(KEPT, latest.join(" "));
}
