import { readFileSync } from "node:fs";
import tls, { type SecureContextOptions } from "node:tls";

/** How a connection is secured. All files are PEM. */
export interface TlsOptions {
  /** The file with the certificates that the registry's is from; the system's roots unless set. */
  readonly ca?: string;
  /** The file with this client's certificate, where the registry wants one. */
  readonly cert?: string;
  /** The file with the key of `cert`. */
  readonly key?: string;
}

// Where distributions keep the system's roots: Debian, Fedora, SUSE, Alpine.
const ROOTS = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** What Node's TLS is told. */
export function secureContext({ ca, cert, key }: TlsOptions): SecureContextOptions {
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError("expected a client certificate and its key, but found only one of them");
  }
  const roots = ca === undefined ? systemRoots() : certificates(ca);
  return {
    ...(roots !== undefined && { ca: roots }),
    ...(cert !== undefined && { cert: certificates(cert) }),
    ...(key !== undefined && { key: readFileSync(key) }),
  };
}

/** A file of certificates. Node takes one with none for a list that trusts nobody. */
function certificates(file: string): Buffer {
  const pem = readFileSync(file);
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new TypeError(`${file}: expected certificates in PEM, but found none`);
  }
  return pem;
}

/** The system's roots, where Node by itself takes those that it was built with. */
function systemRoots(): SecureContextOptions["ca"] {
  // Node 22.15 and later know them.
  const node = tls as typeof tls & { getCACertificates?: (type: "system") => string[] };
  if (node.getCACertificates !== undefined) {
    return node.getCACertificates("system");
  }
  const set = process.env.SSL_CERT_FILE;
  for (const file of set ? [set] : ROOTS) {
    try {
      return readFileSync(file);
    } catch {
      // Another distribution's.
    }
  }
  return undefined;
}
