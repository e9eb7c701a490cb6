import type { Movement } from "../../domain/finding.ts";
import { describeMovement } from "../../domain/movement-text.ts";

/** One line each for what moved with the requests, what did not, and what cannot be told. */
export function movementLines(moved: readonly Movement[], unmoved: readonly Movement[]): string[] {
  const unchanged = unmoved.filter((movement) => movement.state === "unchanged");
  const open = unmoved.filter((movement) => movement.state === "cannot-tell");
  return [
    line("Not changed", unchanged),
    line(
      "Changed with it",
      moved.filter((movement) => movement.metric !== "requests"),
    ),
    line("Cannot tell", open),
  ].filter((text) => text !== null);
}

function line(label: string, movements: readonly Movement[]): string | null {
  return movements.length === 0 ? null : `*${label}:* ${movements.map(describeMovement).join(", ")}`;
}
