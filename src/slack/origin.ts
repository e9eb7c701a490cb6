/** Where a modal was opened, carried in its `private_metadata`, so that its answer goes there. */
export interface ModalOrigin {
  readonly channelId: string;
  readonly threadTs: string | null;
  /** What the modal is about, as its own handler understands it. */
  readonly about: string;
}

export function writeOrigin(origin: ModalOrigin): string {
  return JSON.stringify(origin);
}

/** Gives null for what is none, such as a modal of an older version. */
export function readOrigin(privateMetadata: string): ModalOrigin | null {
  try {
    const { channelId, threadTs, about } = JSON.parse(privateMetadata) as Partial<Record<keyof ModalOrigin, unknown>>;
    if (typeof channelId !== "string" || typeof about !== "string") return null;
    return { channelId, threadTs: typeof threadTs === "string" ? threadTs : null, about };
  } catch {
    return null;
  }
}
