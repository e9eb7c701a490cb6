/**
 * Jest runs tests in a realm of their own, in which Node's errors are not `instanceof Error`. The AWS SDK wraps what is
 * none, and so loses the code of a lost connection, which in production it keeps.
 */
import { types } from "node:util";

const isInstance = Function.prototype[Symbol.hasInstance];

/** Has Node's own errors count as errors here, too. */
export function countNodeErrors(): void {
  Object.defineProperty(Error, Symbol.hasInstance, {
    configurable: true,
    value(this: unknown, candidate: unknown): boolean {
      return isInstance.call(this as never, candidate) || (this === Error && types.isNativeError(candidate));
    },
  });
}
