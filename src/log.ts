import pino, { type Logger } from "pino";

export type Log = Logger;

/** Never written, wherever they appear: secrets, and what people or attackers wrote. */
const REDACTED = [
  "token",
  "*.token",
  "secret",
  "*.secret",
  "password",
  "*.password",
  "authorization",
  "*.authorization",
];

/** Makes the log: one JSON line an entry on standard error, static message first, data in the object. */
export function createLog(level: string): Log {
  return pino({ level, redact: REDACTED, base: null }, pino.destination({ fd: 2, sync: true }));
}
