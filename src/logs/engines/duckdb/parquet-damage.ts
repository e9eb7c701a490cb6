/** What the engine says of files, and what people are told. */
const DAMAGES: readonly (readonly [message: RegExp, reason: string])[] = [
  [/encrypt/i, "is Parquet that is encrypted, which is not read here"],
  [/magic bytes|too small|footer/i, "is Parquet that is cut or damaged: its end, which says what is in it, is missing"],
  [/^Not implemented|unsupported|codec/i, "is Parquet packed or encoded in a way that is not read here"],
];

/** Gives for people, to be read behind a file's name, why the engine cannot read it; null where that is no fault of the file. */
export function whyUnreadable(error: unknown): string | null {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("Out of Memory Error")) return null;
  return DAMAGES.find(([pattern]) => pattern.test(message))?.[1] ?? "is Parquet that is damaged";
}
