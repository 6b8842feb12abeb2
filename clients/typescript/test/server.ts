import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { createSecureServer, type SecureServerOptions } from "node:http2";
import type { AddressInfo } from "node:net";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

/** A gRPC server on loopback, in this process. */
export class TestServer implements AsyncDisposable {
  readonly #sessions = new Set<ServerHttp2Session>();

  private constructor(private readonly server: Http2Server) {
    server.on("session", (session) => {
      this.#sessions.add(session);
      session.on("close", () => this.#sessions.delete(session));
    });
  }

  /** Starts it; on a port that is free unless one is given, over TLS if that is given. */
  static async start(
    routes: (router: ConnectRouter) => void,
    { port = 0, tls }: { port?: number; tls?: SecureServerOptions } = {},
  ): Promise<TestServer> {
    const handler = connectNodeAdapter({ routes });
    const server = tls === undefined ? createServer(handler) : createSecureServer(tls, handler);
    await new Promise<void>((resolve, reject) => {
      server.on("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    return new TestServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const session of this.#sessions) {
      session.destroy();
    }
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.cut();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
