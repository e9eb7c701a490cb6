/**
 * A queue between those who make and those who take. Places are reserved before the work on an item begins, so that
 * makers stop working, rather than pile up, where nobody takes.
 */
export class Channel<Item> {
  readonly #items: Item[] = [];
  readonly #takers: ((item: Item | undefined) => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  #placesFree: number;
  #isClosed = false;

  constructor(places = Number.POSITIVE_INFINITY) {
    this.#placesFree = places;
  }

  /** Waits for a free place; or until the channel is closed. */
  async reserve(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#placesFree > 0) this.#placesFree -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a place back: its item is done with, or will not come. */
  release(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next();
    else this.#placesFree += 1;
  }

  put(item: Item): void {
    if (this.#isClosed) return;
    const taker = this.#takers.shift();
    if (taker !== undefined) taker(item);
    else this.#items.push(item);
  }

  /** Gives the oldest item, or waits for one; undefined once the channel is closed and empty. */
  async take(): Promise<Item | undefined> {
    if (this.#items.length > 0) return this.#items.shift();
    if (this.#isClosed) return undefined;
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Lets no more in. What is inside can still be taken, unless it is `dropped`. */
  close(options?: { readonly dropped: boolean }): void {
    this.#isClosed = true;
    if (options?.dropped) this.#items.length = 0;
    for (const taker of this.#takers.splice(0)) taker(undefined);
    for (const go of this.#waiting.splice(0)) go();
  }
}
