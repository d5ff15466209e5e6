/**
 * Reads and checks the certificate and its key, at the start and at SIGHUP. `node:tls` accepts any text as a
 * certificate and then fails every handshake, so errors must be found here, in one line.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { LocalizedError } from "../../../cli/language.ts";
import { systemReason } from "../../../cli/system.ts";
import { decodeText } from "../../../jim/mod.ts";
import { logger } from "../../../log/mod.ts";
import { inEach } from "../../words/mod.ts";

/** A certificate or a key that cannot be used. The message is one line and names the file. */
export class CertificateRefused extends LocalizedError {
  override name = "CertificateRefused";
}

/** A usable certificate. */
export interface Certificate {
  /** The context for handshakes. */
  readonly context: SecureContext;
  /** Its subject, and when it ends. */
  readonly about: string;
  /** Reasons why some clients will not trust it, for the operator. */
  readonly doubts: readonly string[];
}

/** Where a certificate begins in PEM. */
const BEFORE_ONE = /^(?=-----BEGIN [A-Z0-9 ]*CERTIFICATE-----)/m;

const { info, warning, error } = logger("server/net/tls");

/**
 * Holds the present certificate and reloads it. If the new one is unusable, that is logged, and the old one stays.
 */
export class CertificateHolder {
  readonly #read: () => Certificate;
  #certificate: Certificate;

  /** @throws {CertificateRefused} When the first one is unusable. */
  constructor(certFile: string, keyFile: string, wall: () => number) {
    this.#read = () => readCertificate(certFile, keyFile, wall());
    this.#certificate = this.#look();
  }

  get context(): SecureContext {
    return this.#certificate.context;
  }

  renew(): void {
    try {
      this.#certificate = this.#look();
    } catch (refused) {
      if (!(refused instanceof CertificateRefused)) throw refused;
      error("renew", `${refused.message}; the old certificate is shown still`);
    }
  }

  #look(): Certificate {
    const certificate = this.#read();
    info("look", `shows the certificate of ${certificate.about}`);
    for (const doubt of certificate.doubts) warning("look", `Clients may not trust the certificate: ${doubt}`);
    return certificate;
  }
}

/**
 * Reads a certificate, perhaps with intermediate ones in the same file, and its key; both are PEM.
 *
 * @param now milliseconds since 1970
 * @throws {CertificateRefused} When one cannot be read, is invalid or too weak, or does not match the other.
 */
export function readCertificate(certFile: string, keyFile: string, now: number): Certificate {
  const files = [certFile, keyFile];
  const cert = readText("--tls-cert", certFile, files), key = readText("--tls-key", keyFile, files);
  const [certificate] = parsed("--tls-cert", certFile, "noCertificate", () => chainIn(cert));
  const secret = parsed("--tls-key", keyFile, "noKey", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(secret)) {
    throw new CertificateRefused(inEach(({ notTheKey }) => notTheKey(keyFile, certFile)));
  }
  const names = certificate.subjectAltName ?? "";
  const from = new Date(certificate.validFrom), to = new Date(certificate.validTo);
  return {
    context: contextOf(cert, key, certFile),
    about: `${names || certificate.subject}; it ends on ${day(to)}`,
    doubts: [
      ...(now > to.getTime() ? [`it ended on ${day(to)}`] : []),
      ...(now < from.getTime() ? [`it begins only on ${day(from)}`] : []),
      ...(names === "" ? ["it names no host in subjectAltName"] : []),
      ...(certificate.ca
        ? ["it is an authority's, and strict clients refuse one for a server: CA:FALSE is right"]
        : []),
    ],
  };
}

/** All certificates of a file. It throws if any of them cannot be read, such as the last one of a file that is being written. */
function chainIn(text: string): [X509Certificate, ...X509Certificate[]] {
  const [first = text, ...others] = text.split(BEFORE_ONE).filter((each) => each.search(BEFORE_ONE) === 0);
  return [new X509Certificate(first), ...others.map((each) => new X509Certificate(each))];
}

/** The reason of OpenSSL stands behind a number and the name of its part: `error:0A00018A:SSL routines::key too small`. */
function contextOf(cert: string, key: string, certFile: string): SecureContext {
  try {
    return createSecureContext({ cert, key });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error.message.split(":").at(-1)!;
    throw new CertificateRefused(inEach(({ certificateUnusable }) => certificateUnusable(certFile, why)));
  }
}

function readText(option: string, file: string, files: readonly string[]): string {
  try {
    return decodeText(Deno.readFileSync(file));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isForbidden = error instanceof Deno.errors.NotCapable, { message } = error;
    throw new CertificateRefused(inEach((texts, language) => {
      const why = isForbidden ? texts.readNotPermitted([...new Set(files)].join(",")) : systemReason(message, language);
      return texts.cannotRead(option, file, why);
    }));
  }
}

function parsed<T>(option: string, file: string, what: "noCertificate" | "noKey", parse: () => T): T {
  try {
    return parse();
  } catch {
    // The errors of the parsers are like "BER error: Unexpected Tag", and help nobody.
    throw new CertificateRefused(inEach((texts) => texts[what](option, file)));
  }
}

/** A date in an unknown form is no reason not to serve. */
function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unreadable date" : date.toISOString().slice(0, 10);
}
