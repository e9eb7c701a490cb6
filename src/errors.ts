/**
 * Something the person who asked can put right. Its message is shown to them
 * as written: what happened, the value, and what is allowed or what to do.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  /** A static kebab-case label that never changes, for grouping and tests. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * A service that we depend on failed. The queue retries it where `retryable`;
 * people see one calm line.
 */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  /** A static kebab-case label that never changes, for grouping and tests. */
  readonly code: string;
  readonly retryable: boolean;
  /** How long the service asked us to wait, in seconds; null where it did not say. */
  readonly retryAfterSecs: number | null;

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { readonly retryable: boolean; readonly retryAfterSecs?: number | null },
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterSecs = options.retryAfterSecs ?? null;
  }
}
