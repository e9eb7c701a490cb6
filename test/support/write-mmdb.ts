/** Writes a small database of networks as MaxMind's readers take them: https://maxmind.github.io/MaxMind-DB/ */
import { writeFileSync } from "node:fs";
import ipaddr from "ipaddr.js";

type Value = string | number | { readonly [key: string]: Value };

const TREE_BITS = 128;
const SEPARATOR_BYTES = 16;

/** @param networks from CIDR notation to what is known of it; none may lie in another */
export function writeMmdb(path: string, databaseType: string, networks: Readonly<Record<string, Value>>): void {
  const nodes: [number | null, number | null][] = [[null, null]];
  const leaves: { node: number; side: 0 | 1; offset: number }[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [cidr, value] of Object.entries(networks)) {
    const bits = bitsOf(cidr);
    let node = 0;
    bits.slice(0, -1).forEach((side) => {
      const at = nodes[node] as [number | null, number | null];
      at[side] ??= nodes.push([null, null]) - 1;
      node = at[side];
    });
    leaves.push({ node, side: bits.at(-1) ?? 0, offset });
    const encoded = encode(value);
    data.push(encoded);
    offset += encoded.length;
  }
  for (const leaf of leaves) {
    (nodes[leaf.node] as [number | null, number | null])[leaf.side] = nodes.length + SEPARATOR_BYTES + leaf.offset;
  }
  const tree = Buffer.concat(nodes.flatMap((sides) => sides.map((record) => unsigned(record ?? nodes.length, 3))));
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_790_000_000,
    database_type: databaseType,
    ip_version: 6,
    node_count: nodes.length,
    record_size: 24,
  });
  const marker = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
  writeFileSync(path, Buffer.concat([tree, Buffer.alloc(SEPARATOR_BYTES), ...data, marker, metadata]));
}

/** IPv4 stands below ::/96. */
function bitsOf(cidr: string): (0 | 1)[] {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const all = [...new Array<number>(16 - bytes.length).fill(0), ...bytes];
  const bits = all.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte >> (7 - bit)) & 1) as 0 | 1));
  return bits.slice(0, TREE_BITS - bytes.length * 8 + prefix);
}

const [STRING, UINT32, MAP] = [2, 6, 7] as const;

function encode(value: Value): Buffer {
  if (typeof value === "string") return Buffer.concat([control(STRING, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "number") return Buffer.concat([control(UINT32, 4), unsigned(value, 4)]);
  const entries = Object.entries(value);
  return Buffer.concat([
    control(MAP, entries.length),
    ...entries.flatMap(([key, each]) => [encode(key), encode(each)]),
  ]);
}

function control(type: number, size: number): Buffer {
  return size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29]);
}

function unsigned(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
