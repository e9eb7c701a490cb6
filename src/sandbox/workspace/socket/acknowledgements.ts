import { isObject, type Json, type JsonObject } from "../json.ts";

/** What became of a delivery. */
export type Delivery =
  | { readonly kind: "acknowledged"; readonly payload: JsonObject }
  | { readonly kind: "timed-out" }
  | { readonly kind: "no-connection" };

/** Waits for the app to acknowledge envelopes by their ids. */
export interface Acknowledgements {
  await(envelopeId: string): Promise<Delivery>;
  /** Takes what the app sent. */
  take(data: string): void;
  /** Lets nobody wait any longer. */
  close(): void;
}

export function createAcknowledgements(timeoutMs: number): Acknowledgements {
  const waiting = new Map<string, (delivery: Delivery) => void>();
  return {
    await: (envelopeId) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => settle({ kind: "timed-out" }), timeoutMs).unref();
        const settle = (delivery: Delivery) => {
          clearTimeout(timer);
          waiting.delete(envelopeId);
          resolve(delivery);
        };
        waiting.set(envelopeId, settle);
      }),
    take: (data) => {
      const acknowledgement = parse(data);
      const payload = acknowledgement["payload"];
      waiting.get(String(acknowledgement["envelope_id"]))?.({
        kind: "acknowledged",
        payload: isObject(payload) ? payload : {},
      });
    },
    close: () => {
      for (const settle of waiting.values()) settle({ kind: "no-connection" });
    },
  };
}

function parse(data: string): JsonObject {
  try {
    const value = JSON.parse(data) as Json;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
