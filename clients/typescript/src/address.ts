import { isIPv4, isIPv6 } from "node:net";

/** The port where an address names none. */
export const DEFAULT_PORT = 7411;

/** Where a registry listens. */
export interface ServerAddress {
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

const FORM = /^(?:\[(?<ip6>[0-9A-Fa-f:.]+)\]|(?<host>[A-Za-z0-9._-]+))(?::(?<port>[0-9]{1,5}))?$/;

/**
 * Reads `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`.
 *
 * @throws {TypeError} if `text` is anything else
 */
export function parseAddress(text: string): ServerAddress {
  const groups = FORM.exec(text)?.groups;
  const host = groups?.ip6 ?? groups?.host;
  const port = Number(groups?.port ?? DEFAULT_PORT);
  const isHost = host !== undefined && (groups?.ip6 === undefined || isIPv6(host));
  if (!isHost || port < 1 || port > 65_535) {
    throw new TypeError(`expected HOST, HOST:PORT or [IPV6]:PORT with a port from 1 to 65535, but found "${text}"`);
  }
  return { host, port };
}

/**
 * Several addresses, in their order.
 *
 * @param text one, several with commas between, or a list
 */
export function parseAddresses(text: string | readonly string[]): ServerAddress[] {
  const addresses = (typeof text === "string" ? text.split(",") : text)
    .map((one) => one.trim())
    .filter((one) => one !== "");
  if (addresses.length === 0) {
    throw new TypeError("expected the address of a registry, but found none");
  }
  return addresses.map(parseAddress);
}

/** As it is written: `localhost:7411`, `[::1]:7411`. */
export function addressText({ host, port }: ServerAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether it is this machine's own, which nobody listens to on the way. */
export function isLoopback({ host }: ServerAddress): boolean {
  return host.toLowerCase() === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
