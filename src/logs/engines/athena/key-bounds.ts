import type { KeyListing } from "../../sources/layouts/layout.ts";

/** Between which keys a listing's lie, in the order of their bytes. */
export interface KeyBounds {
  readonly from: string;
  readonly isFromIncluded: boolean;
  readonly before: string;
}

export function boundsOf({ prefix, startAfter, endBefore }: KeyListing): KeyBounds {
  return {
    from: startAfter ?? prefix,
    isFromIncluded: startAfter === null,
    before: endBefore ?? afterAll(prefix),
  };
}

export function isWithin(key: string, { from, isFromIncluded, before }: KeyBounds): boolean {
  return (isFromIncluded ? key >= from : key > from) && key < before;
}

/** Gives the first text after all that begin with a prefix, which here ends in a slash, a dot or a hyphen. */
function afterAll(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
