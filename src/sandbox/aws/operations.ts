import { z } from "zod";
import { AwsFault } from "./fault.ts";

/** One operation of a service: checks its input, does it, gives its output. */
export type Operation = (input: unknown) => object;

/** The operations of a service by their names in AWS's API. */
export type Operations = ReadonlyMap<string, Operation>;

/**
 * Makes an operation out of a schema for its input and what it does.
 *
 * @param faultCode what this service calls input that is not as it should be
 */
export function operation<Schema extends z.ZodType>(
  faultCode: string,
  schema: Schema,
  run: (input: z.output<Schema>) => object,
): Operation {
  return (raw) => {
    const input = schema.safeParse(raw);
    if (input.success) return run(input.data);
    const problems = z.prettifyError(input.error).replaceAll("\n", " ");
    throw new AwsFault(faultCode, `The request is not valid: ${problems}`);
  };
}
