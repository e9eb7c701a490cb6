import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export interface TcpProxy {
  /** The target's URL, with the proxy's port. */
  readonly url: string;
  /** Takes connections and passes nothing on, as a server does that hangs. */
  freeze(): Promise<void>;
  /** Ends all connections and takes no more, as a machine does that is gone. */
  cut(): Promise<void>;
  /** Passes everything on again; connections that were frozen are ended. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Stands between a client and its server, to take the server away for a while. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let isFrozen = false;

  const server = createServer((client) => {
    keep(client);
    if (isFrozen) return;
    const upstream = keep(connect(Number(target.port), target.hostname));
    client.on("data", (chunk) => isFrozen || upstream.write(chunk));
    upstream.on("data", (chunk) => isFrozen || client.write(chunk));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    return socket;
  }

  function dropAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  async function cut(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    dropAll();
    await closed;
  }

  const port = await listen(server, 0);
  const url = new URL(targetUrl);
  url.port = String(port);
  return {
    url: url.href,
    cut,
    async freeze() {
      isFrozen = true;
    },
    async restore() {
      isFrozen = false;
      dropAll();
      if (!server.listening) await listen(server, port);
    },
    async close() {
      if (server.listening) await cut();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port");
  return address.port;
}
