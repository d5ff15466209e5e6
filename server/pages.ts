/**
 * One page out of several conversations: what two said to each other before one of them had an account is kept apart from
 * what they have said since, and belongs on the same page. The pages of all are joined by the ids of their messages.
 */
import type { Part } from "./chat/voice.ts";
import type { Query, Soon, Store } from "./store/contract.ts";
import { parseLine } from "./store/lines.ts";

type Page = readonly Uint8Array[];

/** A page of a conversation and of parts of others, oldest first. */
export function pageOfAll(store: Store, query: Query, parts: readonly Part[]): Soon<Page> {
  const first = store.page(query);
  if (parts.length === 0) return first;
  const pages = [first, ...parts.map((part) => pageOfPart(store, query, part))];
  return pages.some((page) => page instanceof Promise)
    ? Promise.all(pages).then((pages) => joined(pages, query))
    : joined(pages as Page[], query);
}

/** Without `after` a query asks for the latest messages, so what is before the part is left out only afterwards. */
function pageOfPart(store: Store, query: Query, { conversation, after, before }: Part): Soon<Page> {
  const bounded = { ...query, conversation, before: Math.min(query.before ?? before, before) };
  if (query.after !== undefined) return store.page({ ...bounded, after: Math.max(query.after, after) });
  const within = (page: Page) => page.filter((line) => parseLine(line).id > after);
  const page = store.page(bounded);
  return page instanceof Promise ? page.then(within) : within(page);
}

function joined(pages: readonly Page[], { after, limit }: Query): Page {
  const some = pages.filter(({ length }) => length > 0);
  if (some.length < 2) return some[0] ?? [];
  const lines = some.flat().map((line) => ({ line, id: parseLine(line).id })).sort((one, other) => one.id - other.id);
  const page = after === undefined ? lines.slice(-limit) : lines.slice(0, limit);
  return page.map(({ line }) => line);
}
