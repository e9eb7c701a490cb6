/** Kinds of values that several parts of the configuration have. */
import { z } from "zod";
import { parseNetwork } from "../domain/address.ts";

export const duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, "a duration such as 90s, 30m, 2h or 1d")
  .transform(
    (text) => Number.parseInt(text, 10) * { s: 1, m: 60, h: 3_600, d: 86_400 }[text.at(-1) as "s" | "m" | "h" | "d"],
  );

export const positiveInteger = z.number().int().positive();

export const network = z.string().refine((text) => parseNetwork(text).ok, {
  message: "an address or network such as 198.51.100.7, 10.0.0.0/8 or 2001:db8::/48",
});

const DISTRIBUTION = "the id of a distribution such as E2EXAMPLE1ABCD";
export const distribution = z.string(DISTRIBUTION).regex(/^[A-Z0-9]+$/, DISTRIBUTION);

export const share = z.number("a share from 0 to 1").min(0, "a share from 0 to 1").max(1, "a share from 0 to 1");

/** Proxies whose X-Forwarded-For is believed: their addresses and networks. Without any, who connected is the client. */
export const trustedProxies = z.array(network).default([]);
