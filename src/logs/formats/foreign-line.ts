import type { LogFormat } from "./format.ts";

/** Tells of which other format a line is, as its server writes it, that is not as its file's own format has it. */
export type ForeignFormat = (line: string, own: LogFormat) => LogFormat | null;

/**
 * Makes what tells lines of other formats, as where several servers write to one file, or somebody put files together.
 * Only what another format is sure of counts: what is merely damaged is the own format's to read.
 */
export function createForeignFormat(formats: readonly LogFormat[]): ForeignFormat {
  return (line, own) => {
    // In this order: to ask all formats takes longer than to read the line.
    if (own.opening?.test(line) || own.recognises(line)) return null;
    const others = formats.filter(({ name }) => name !== own.name && name !== own.continues);
    return others.find((format) => format.recognises(line)) ?? null;
  };
}
