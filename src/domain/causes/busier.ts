import { EVERYBODY_SHARE } from "../slices.ts";
import type { Scene } from "./scene.ts";

/** How much of the growth is that each client sends more, rather than that there are more of them. */
export interface Busier {
  /** Requests of a client a minute, over the usual. */
  readonly each: number;
  readonly clientsRatio: number;
  /** 0–1 and beyond: in logarithms, so that this and the part of more clients add up to all. */
  readonly share: number;
}

/**
 * Tells it of everybody but the guilty; null where nothing grew, or where clients were not counted or stand behind one
 * address, so that the same number of them says nothing.
 */
export function busierClients({ rest, breakdown }: Scene): Busier | null {
  const { rows = [] } = breakdown.by.ip ?? {};
  if (rows.some(({ baseline }) => baseline.requests > EVERYBODY_SHARE * breakdown.baseline.requests)) return null;
  if (rest.clientsRatio === null || rest.clientsRatio <= 0 || rest.ratio <= 1) return null;
  const each = rest.ratio / rest.clientsRatio;
  return { each, clientsRatio: rest.clientsRatio, share: Math.log(each) / Math.log(rest.ratio) };
}

/** Requests that would not be there without the growth, as a share of all in the spike. */
export function extraShare({ rest }: Scene): number {
  return rest.ratio > 1 ? 1 - 1 / rest.ratio : 0;
}
