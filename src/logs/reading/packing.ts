/** How a file is packed, by its first bytes. */
export type Packing = "plain" | "gzip" | "Parquet" | "zstd" | "bzip2" | "xz" | "zip" | "lz4" | "7-Zip" | "compress";

/** So many bytes tell. */
export const MAGIC_BYTES = 8;

const MAGIC: readonly (readonly [Packing, Buffer])[] = [
  ["gzip", Buffer.from([0x1f, 0x8b])],
  ["Parquet", Buffer.from("PAR1")],
  // Encrypted: what reads Parquet says so.
  ["Parquet", Buffer.from("PARE")],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ["bzip2", Buffer.from("BZh")],
  ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a])],
  ["lz4", Buffer.from([0x04, 0x22, 0x4d, 0x18])],
  ["7-Zip", Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])],
  ["compress", Buffer.from([0x1f, 0x9d])],
  ["zip", Buffer.from([0x50, 0x4b, 0x03, 0x04])],
];

export function packingOf(head: Buffer): Packing {
  return MAGIC.find(([, magic]) => head.subarray(0, magic.length).equals(magic))?.[0] ?? "plain";
}
