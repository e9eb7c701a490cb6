/** Asks DNS. Answers are small and may be minutes old. */
export interface Resolver {
  /**
   * The names of an address; empty where it has none.
   * @throws {UpstreamError} `dns-failed` where no server answers in time or says anything else
   */
  reverse(address: string): Promise<readonly string[]>;
  /** The addresses of a name, both families; empty where there is no such name. Throws as `reverse` does. */
  forward(name: string): Promise<readonly string[]>;
}
