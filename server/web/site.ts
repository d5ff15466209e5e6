/**
 * The paths of the web port: a table from a path to its handler. To add a path, add a line. Only GET and HEAD come
 * here; `/jim` is handled before.
 */
import app from "../../web/dist/app.js" with { type: "text" };
import teaching from "../../web/dist/class.html" with { type: "text" };
import teachingStyle from "../../web/dist/class.css" with { type: "text" };
import teachingScript from "../../web/dist/class.js" with { type: "text" };
import page from "../../web/dist/index.html" with { type: "text" };
import later from "../../web/dist/later.js" with { type: "text" };
import markdown from "../../web/dist/markdown.js" with { type: "text" };
import shared from "../../web/dist/shared.js" with { type: "text" };
import style from "../../web/dist/style.css" with { type: "text" };
import icon from "../../web/icons/icon.svg" with { type: "text" };
import calledIcon from "../../web/icons/icon-called.svg" with { type: "text" };
import maskIcon from "../../web/icons/icon-mask.svg" with { type: "text" };
import unreadIcon from "../../web/icons/icon-unread.svg" with { type: "text" };
import manifest from "../../web/icons/manifest.json" with { type: "text" };
import type { Texts } from "../words/mod.ts";
import { file } from "./files.ts";
import type { Handler } from "./handler.ts";
import { metricsPage } from "./metrics.ts";
import { textResponse } from "./text_response.ts";

/** The parts of the server that the paths need. */
export interface SiteOptions {
  /** The rules: the page offers nothing else. */
  readonly rules: SiteRules;
  /** Origins of the pages of the chat's servers: the page moves to another one when its own is gone. None by default. */
  readonly servers?: readonly string[];
  /** Whether the server is stopping. */
  readonly stopping: () => boolean;
  /** Whether it takes connections: one of several servers does as long as it has a link to the broker. Always by default. */
  readonly isReady?: () => boolean;
  /** What it counts, as text. */
  readonly metrics: () => string;
  /** The tokens that open it. */
  readonly metricsTokens: readonly string[];
}

/** Whether registration and guests are allowed. */
export interface SiteRules {
  readonly registration: boolean;
  readonly guests: boolean;
}

/** All paths. */
export async function site(
  { rules, servers = [], stopping, isReady, metrics, metricsTokens }: SiteOptions,
  texts: Texts,
): Promise<ReadonlyMap<string, Handler>> {
  return new Map<string, Handler>([
    ["/", indexPage(rules, servers)],
    ["/app.js", await file("app.js", app)],
    ["/shared.js", await file("shared.js", shared)],
    ["/later.js", await file("later.js", later)],
    ["/markdown.js", await file("markdown.js", markdown)],
    ["/icon.svg", await file("icon.svg", icon)],
    ["/icon-unread.svg", await file("icon-unread.svg", unreadIcon)],
    ["/icon-called.svg", await file("icon-called.svg", calledIcon)],
    ["/icon-mask.svg", await file("icon-mask.svg", maskIcon)],
    ["/manifest.json", await file("manifest.json", manifest)],
    ["/emoji.txt", emoji()],
    ["/style.css", await file("style.css", style)],
    // It is a text like any other: what it shows comes over /jim, to an operator or for the server's token only.
    ["/class", await file("class.html", teaching)],
    ["/class.css", await file("class.css", teachingStyle)],
    ["/class.js", await file("class.js", teachingScript)],
    ["/healthz", () => stopping() ? textResponse(503, "stopping") : textResponse(200, "ok")],
    [
      "/readyz",
      () => stopping() || !(isReady?.() ?? true) ? textResponse(503, "not ready") : textResponse(200, "ready"),
    ],
    ["/metrics", metricsPage(metrics, metricsTokens, texts)],
  ]);
}

/** The table of emoji is loaded when a page asks for it: it would take a megabyte of every server. */
function emoji(): Handler {
  let handler: Promise<Handler> | undefined;
  return async (request, caller) => {
    handler ??= import("../../client/emoji/emoji.txt", { with: { type: "text" } })
      .then((table) => file("emoji.txt", table.default));
    return (await handler)(request, caller);
  };
}

/** The page. It is made again when the rules have changed. */
function indexPage(rules: SiteRules, servers: readonly string[]): Handler {
  let text: string | undefined, handler: Promise<Handler> | undefined;
  return async (request, caller) => {
    const present = withSettings(page, rules, servers);
    if (handler === undefined || present !== text) {
      text = present;
      handler = file("index.html", present, servers);
    }
    return (await handler)(request, caller);
  };
}

/**
 * The page with the rules in it and the servers: its form of entrance is shown before there is a connection that could tell
 * them.
 */
function withSettings(page: string, { registration, guests }: SiteRules, servers: readonly string[]): string {
  const closed = `${registration ? "" : ' data-registration="closed"'}${guests ? "" : ' data-guests="no"'}`;
  const moves = servers.length === 0 ? "" : ` data-servers="${servers.join(" ")}"`;
  return page.replace('<div id="page">', `<div id="page"${closed}${moves}>`);
}
