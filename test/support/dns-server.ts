import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

const TYPES: Readonly<Record<number, "A" | "PTR" | "AAAA">> = { 1: "A", 12: "PTR", 28: "AAAA" };
const NO_SUCH_NAME = 3;

export interface DnsServer {
  /** With its port. */
  readonly address: string;
  /** What it was asked, in order: "PTR 1.2.0.192.in-addr.arpa". */
  readonly asked: string[];
  /** Refuses (2 is SERVFAIL) or stays silent, until set to null. */
  trouble: number | "silent" | null;
  close(): Promise<void>;
}

/**
 * Starts a DNS server on this machine, over UDP.
 *
 * @param records by type and name, such as `"A web.example"`; what is of another type has no data, all else no name
 * @source RFC 1035, section 4
 */
export async function startDnsServer(records: Readonly<Record<string, readonly string[]>>): Promise<DnsServer> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const server: DnsServer = {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    asked: [],
    trouble: null,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on("message", (query, from) => {
    const { name, end } = readName(query);
    const type = TYPES[query.readUInt16BE(end)] ?? "A";
    server.asked.push(`${type} ${name}`);
    if (server.trouble === "silent") return;
    const found = records[`${type} ${name}`] ?? [];
    const isName = Object.keys(records).some((key) => key.endsWith(` ${name}`));
    const code = server.trouble ?? (isName ? 0 : NO_SUCH_NAME);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(code === 0 ? found.length : 0, 6);
    const answers = code === 0 ? found.map((value) => writeAnswer(type, value)) : [];
    socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...answers]), from.port, from.address);
  });
  return server;
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

function writeAnswer(type: "A" | "PTR" | "AAAA", value: string): Buffer {
  const data = { A: writeIpv4, AAAA: writeIpv6, PTR: writeName }[type](value);
  const head = Buffer.alloc(12);
  // The name is the one asked for, at byte 12.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE({ A: 1, PTR: 12, AAAA: 28 }[type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function writeIpv4(value: string): Buffer {
  return Buffer.from(value.split(".").map(Number));
}

/** Of all eight groups, none left out. */
function writeIpv6(value: string): Buffer {
  return Buffer.from(
    value.split(":").flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16)]),
  );
}

function writeName(value: string): Buffer {
  const labels = value.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1"));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
