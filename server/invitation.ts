/** Prints how to join, on the terminal of the server: a class copies these lines from the screen. */
import { EXAMPLE_PRESENCE, joinHostPort, type Language } from "../jim/mod.ts";
import { LAUNCHER } from "../cli/launcher.ts";
import { catalogues } from "./words/mod.ts";

/** An address of this machine, as `Deno.networkInterfaces` lists it. */
export type Interface = Pick<Deno.NetworkInterfaceInfo, "address" | "family" | "scopeid">;

/**
 * The lines to type on each of the network's machines.
 *
 * @param bound the address listened on, `::` for all
 * @param tls whether it is behind encryption
 * @param page the port of the page, if there is one
 * @param launcher the command that has started the server, if no task of Deno has
 */
export function invitation(
  bound: string,
  port: number,
  interfaces: readonly Interface[],
  tls = false,
  page?: number,
  language: Language = "en",
  launcher = LAUNCHER,
): string {
  const texts = catalogues[language], client = launcher === undefined ? "deno@2.9.6 task client" : `${launcher} chat`;
  const addresses = addressesOf(bound, interfaces);
  const lines = addresses.flatMap((address) => [
    tls ? `  openssl s_client -quiet -connect ${joinHostPort(address, port)}` : `  nc ${address} ${port}`,
    `  npx -y ${client} ${address}${port === 7777 ? "" : ` ${port}`}${tls ? " --tls" : ""}`,
  ]);
  const pages = page === undefined ? [] : [
    texts.openToJoin,
    ...addresses.map((address) => `  http${tls ? "s" : ""}://${joinHostPort(address, page)}/`),
  ];
  return [
    ...pages,
    page === undefined ? texts.typeToJoin : texts.orType,
    ...lines,
    texts.firstLine(tls ? "openssl" : "nc"),
    `  ${EXAMPLE_PRESENCE}`,
  ].join("\n");
}

/**
 * The address of the class, for the teacher's terminal and nobody's log. A browser sends what stands behind `#` to no
 * server, so no proxy logs it.
 *
 * @param page the page's address, with its slash
 */
export function classAddress(page: string, token: string, language: Language = "en"): string {
  return `${catalogues[language].classAddress}\n  ${page}class#token=${token}`;
}

/** The page's address for the phones of a class; none where nobody else reaches this machine. @param page its port */
export function pageForPhones(bound: string, page: number, interfaces: readonly Interface[], tls: boolean) {
  const address = addressesOf(bound, interfaces).find((each) => !/^(?:127\.|::1$)/.test(each));
  return address === undefined ? undefined : `http${tls ? "s" : ""}://${joinHostPort(address, page)}/`;
}

/** The addresses at which this machine is reached. @param bound the address listened on, `::` for all */
export function addressesOf(bound: string, interfaces: readonly Interface[]): string[] {
  return bound === "::" || bound === "0.0.0.0" ? reachable(interfaces, bound === "::") : [bound];
}

/**
 * Leaves out loopback, unless there is nothing else, and link-local IPv6, which needs a zone that differs between
 * machines.
 */
function reachable(interfaces: readonly Interface[], six: boolean): string[] {
  const others = interfaces
    .filter(({ address, family }) =>
      family === "IPv4" ? !address.startsWith("127.") : six && /^[23fF][^eE]/.test(address)
    )
    .map(({ address }) => address);
  return others.length > 0 ? others : ["127.0.0.1"];
}
