import type { Random } from "./random.ts";

/** First octets of networks that mostly serve machines. Simulated only: nothing is ever sent to them. */
const HOSTING_NETWORKS = [
  3, 13, 18, 34, 35, 45, 51, 52, 64, 68, 104, 116, 128, 138, 139, 142, 143, 146, 157, 159, 161, 165, 167, 185, 188, 192,
  193, 194, 195,
];

/** Draws the first three octets of a network for machines, with a dot at its end. */
export function drawHostingNetwork(random: Random): string {
  return `${random.pick(HOSTING_NETWORKS)}.${random.int(254) + 1}.${random.int(256)}.`;
}

/** Draws one address out of the networks for machines. */
export function drawHostingAddress(random: Random): string {
  return `${drawHostingNetwork(random)}${random.int(254) + 1}`;
}
