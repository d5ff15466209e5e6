/**
 * The certificate that the server shows, and its key: two files, read and looked over before they are used, and again when
 * a new certificate has come. `node:tls` takes anything for a certificate and then lets every handshake fail, so what is
 * wrong must be found here, where it costs one line.
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

/** One that can be. */
export interface Certificate {
  /** What a handshake needs of it. */
  readonly context: SecureContext;
  /** Whose it is, and when it ends. */
  readonly about: string;
  /** Why some clients will not trust it, for whoever runs the server. */
  readonly doubts: readonly string[];
}

const { info, warning, error } = logger("server/net/tls");

/** What is shown at the moment, and how to have it read again. What cannot be used then is logged, and the old one stays. */
export class CertificateHolder {
  readonly #read: () => Certificate;
  #certificate: Certificate;

  /** @throws {CertificateRefused} When there is none to begin with. */
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
 * Reads a certificate, which others that vouch for it may follow in the same file, and its key; both are PEM.
 *
 * @param now milliseconds since 1970
 * @throws {CertificateRefused} When one of them cannot be read, or is not what it should be, or they are no pair.
 */
export function readCertificate(certFile: string, keyFile: string, now: number): Certificate {
  const files = [certFile, keyFile];
  const cert = readText("--tls-cert", certFile, files), key = readText("--tls-key", keyFile, files);
  const certificate = parsed("--tls-cert", certFile, "noCertificate", () => new X509Certificate(cert));
  const secret = parsed("--tls-key", keyFile, "noKey", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(secret)) {
    throw new CertificateRefused(inEach(({ notTheKey }) => notTheKey(keyFile, certFile)));
  }
  const names = certificate.subjectAltName ?? "";
  const from = new Date(certificate.validFrom), to = new Date(certificate.validTo);
  return {
    context: createSecureContext({ cert, key }),
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
    // What the parsers say is "BER error: Unexpected Tag" and the like.
    throw new CertificateRefused(inEach((texts) => texts[what](option, file)));
  }
}

/** A date that the certificate has in a form of its own is no reason not to serve. */
function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unreadable date" : date.toISOString().slice(0, 10);
}
