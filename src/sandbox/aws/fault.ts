/** An error that AWS would answer with, on purpose. */
export class AwsFault extends Error {
  override readonly name = "AwsFault";
  /** The error's name as the SDK gives it to its caller. */
  readonly code: string;
  readonly status: number;
  /** Members of the error beside its message. */
  readonly details: Readonly<Record<string, string>>;

  constructor(code: string, message: string, options: { status?: number; details?: Record<string, string> } = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.details = options.details ?? {};
  }
}
