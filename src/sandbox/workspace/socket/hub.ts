import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Log } from "../../../log.ts";
import { newSecret } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import type { MisbehaviourPlan } from "../misbehaviour.ts";
import { createAcknowledgements, type Delivery } from "./acknowledgements.ts";

/** Clients give up on a server that has not pinged them for 30 s. */
const PING_EVERY_MS = 10_000;
const GOODBYE_MS = 500;

/** Something for the app, without the wrapping that Socket Mode adds. */
export interface Envelope {
  readonly type: "events_api" | "interactive" | "slash_commands";
  readonly payload: JsonObject;
  readonly acceptsResponse: boolean;
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

/** The app's Socket Mode connections; each envelope goes to one of them. */
export interface SocketHub {
  /** Gives the permission to open one connection. */
  issueTicket(): string;
  /** Takes over a request for a WebSocket that carries a ticket. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  deliver(envelope: Envelope): Promise<Delivery>;
  /** Asks every connection to go and come again. */
  askToReconnect(): void;
  close(): Promise<void>;
}

export function createSocketHub(deps: {
  readonly appId: string;
  readonly ackTimeoutMs: number;
  readonly misbehaviour: MisbehaviourPlan;
  readonly log: Log;
  readonly onCount: (connections: number) => void;
}): SocketHub {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const acknowledgements = createAcknowledgements(deps.ackTimeoutMs);
  let connections: readonly WebSocket[] = [];
  let next = 0;

  const setConnections = (changed: readonly WebSocket[]) => {
    connections = changed;
    deps.onCount(connections.length);
  };
  const welcome = (socket: WebSocket) => {
    const ping = setInterval(() => socket.ping(), PING_EVERY_MS).unref();
    socket.on("message", (data) => acknowledgements.take(String(data)));
    socket.on("error", (err) => deps.log.warn({ err }, "sandbox socket failed"));
    socket.on("close", () => {
      clearInterval(ping);
      setConnections(connections.filter((other) => other !== socket));
    });
    setConnections([...connections, socket]);
    socket.send(JSON.stringify(hello(deps.appId, connections.length)));
  };
  const send = (envelope: Envelope): Promise<Delivery> => {
    const socket = connections[next++ % Math.max(1, connections.length)];
    if (socket === undefined) return Promise.resolve({ kind: "no-connection" });
    const id = newSecret();
    const answer = acknowledgements.await(id);
    socket.send(JSON.stringify(frame(id, envelope)));
    return answer;
  };

  return {
    issueTicket: () => {
      const ticket = newSecret();
      tickets.add(ticket);
      return ticket;
    },
    accept: (request, socket, head) => {
      const ticket = new URL(request.url ?? "", "http://workspace").searchParams.get("ticket");
      if (ticket === null || !tickets.delete(ticket)) return void socket.destroy();
      server.handleUpgrade(request, socket, head, welcome);
    },
    deliver: async (envelope) => {
      const { delayMs, copies } = deps.misbehaviour.deliveryPlan();
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const deliveries = Array.from({ length: copies }, () => send(envelope));
      return Promise.race(deliveries);
    },
    askToReconnect: () => {
      for (const socket of connections)
        socket.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
    },
    close: async () => {
      acknowledgements.close();
      await Promise.all(connections.map(closeSocket));
      server.close();
    },
  };
}

/** Lets the other side say goodbye, which may be under way already, before it cuts the line. */
async function closeSocket(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
    socket.once("close", () => {
      clearTimeout(cut);
      resolve();
    });
    socket.close(1001);
  });
}

function hello(appId: string, connections: number): JsonObject {
  return {
    type: "hello",
    num_connections: connections,
    connection_info: { app_id: appId },
    debug_info: { host: "spillway-sandbox", build_number: 1, approximate_connection_time: 3600 },
  };
}

function frame(id: string, envelope: Envelope): JsonObject {
  return {
    envelope_id: id,
    type: envelope.type,
    payload: envelope.payload,
    accepts_response_payload: envelope.acceptsResponse,
    ...(envelope.retry === undefined
      ? {}
      : { retry_attempt: envelope.retry.attempt, retry_reason: envelope.retry.reason }),
  };
}
