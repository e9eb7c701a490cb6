import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Moment, Step } from "./killer.ts";

/** Bytes that belong together, and the step that they ask for; null where they ask for none. */
export interface Piece {
  readonly bytes: Buffer;
  readonly step: Step | null;
}

/** Cuts what a client sends on one connection into pieces; keeps what is not whole yet. */
export type Cutter = (chunk: Buffer) => readonly Piece[];

export interface TcpBetween {
  /** The target's URL, with the port of this. */
  readonly url: string;
  close(): Promise<void>;
}

/** Stands between a process and a server, and lets the process die before a step reaches the server or after it was done. */
export async function standBetweenTcp(
  targetUrl: string,
  options: {
    readonly cutter: () => Cutter;
    /** True where the process died now: nothing more of it gets through. */
    readonly witness: (step: Step, moment: Moment) => boolean;
  },
): Promise<TcpBetween> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    return socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };

  const server = createServer((client) => {
    const upstream = keep(connect(Number(target.port), target.hostname));
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    keep(client).on("close", end);
    upstream.on("close", end);
    const cut = options.cutter();
    let asked: Step[] = [];
    client.on("data", (chunk) => {
      for (const { bytes, step } of cut(chunk)) {
        if (step !== null && options.witness(step, "before")) return end();
        if (step !== null) asked.push(step);
        upstream.write(bytes);
      }
    });
    upstream.on("data", (chunk) => {
      const done = asked;
      asked = [];
      for (const step of done) if (options.witness(step, "after")) return end();
      client.write(chunk);
    });
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port");
  const url = new URL(targetUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
