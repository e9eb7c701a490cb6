import { accessSync, constants } from "node:fs";
import type { AsnResponse } from "maxmind";
import { UserError } from "../errors.ts";

/** Gives whose network an address is in, such as `AS64496 EXAMPLE`; null where that is not known. */
export type OwnerOf = (client: string) => string | null;

/**
 * Opens a database of autonomous systems, as MaxMind (GeoLite2 ASN) and DB-IP (ASN Lite) make them, into memory.
 *
 * @throws {UserError} `network-owners-unreadable` where there is none, or one of another kind
 * @source https://maxmind.github.io/MaxMind-DB/
 */
export async function openNetworkOwners(path: string): Promise<OwnerOf> {
  // Few reads ask for it, and start-up waits for what is imported.
  const { open, validate } = await import("maxmind");
  const owners = await open<AsnResponse>(path).catch((cause: unknown) => {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  });
  const { databaseType } = owners.metadata;
  if (!/\bASN\b/i.test(databaseType)) throw unreadable(path, `it is a database of the kind ${databaseType}`);
  return (client) => (validate(client) ? ownerText(owners.get(client)) : null);
}

/** @throws {UserError} `network-owners-unreadable` where there is no such file, so that it is seen at start */
export function checkNetworkOwners(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw unreadable(path, (cause as Error).message, cause);
  }
}

function ownerText(owner: AsnResponse | null): string | null {
  if (owner?.autonomous_system_number === undefined) return null;
  const { autonomous_system_number: asn, autonomous_system_organization: organization = "" } = owner;
  return `AS${asn} ${organization}`.trim();
}

function unreadable(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    "network-owners-unreadable",
    `No owners of networks can be read from ${path}: ${reason}. Name a database such as GeoLite2-ASN.mmdb as \`networkOwners\` in spillway.yaml, or none.`,
    { cause },
  );
}
