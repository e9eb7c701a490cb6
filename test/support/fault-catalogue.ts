/** What AWS can do wrong, and what people are to hear of it. */
import type { AwsPatience } from "../../src/config/aws-settings.ts";
import { type AwsFault, type FaultWorld, IMPATIENCE } from "./fault-world.ts";

/** The two things of AWS that are changed, and the calls by which they are. */
export type Target = "firewall" | "group";

const CALLS: Readonly<Record<Target, { readonly read: string; readonly write: string }>> = {
  firewall: { read: "GetIPSet", write: "UpdateIPSet" },
  group: { read: "DescribeAutoScalingGroups", write: "UpdateAutoScalingGroup" },
};

export interface Fault {
  readonly name: string;
  readonly hits: "reads" | "writes";
  /** Where it makes sense; both, where it is left out. */
  readonly only?: Target;
  /** What people are told of it, in part; null where it passes before anybody need know. */
  readonly says: string | null;
  begin(world: FaultWorld, target: Target): Promise<void>;
}

export const FAULTS: readonly Fault[] = [
  on("writes", "throttling, once", null, (target) => ({ before: times(1, answer(target, THROTTLED)) })),
  on("writes", "throttling, three times", null, (target) => ({ before: times(3, answer(target, THROTTLED)) })),
  on("writes", "throttling without end", "AWS limits how often it is called", (target) => ({
    before: answer(target, THROTTLED),
  })),
  on("reads", "throttling of reads without end", "AWS limits how often it is called", (target) => ({
    before: answer(target, THROTTLED),
  })),
  on("writes", "a call taken and not answered, once", null, () => ({
    before: times(1, async () => "hang"),
    patience: IMPATIENCE,
  })),
  on("writes", "a change made, its answer too late", null, () => ({
    after: times(1, async () => "hang"),
    patience: IMPATIENCE,
  })),
  on("writes", "a change made, its answer too late, asked for twice", null, () => ({
    after: times(1, async () => "hang"),
    patience: { ...IMPATIENCE, attempts: 2 },
  })),
  on("writes", "changes made, their answers never there", null, () => ({
    after: async () => "hang",
    patience: IMPATIENCE,
  })),
  on("reads", "answers that make no sense, without end", "AWS's answer was cut short", () => ({
    before: async () => ({ status: 200, body: "<html>A proxy's page</ht" }),
  })),
  on("writes", "a change made, its answer broken off", null, () => ({ after: times(1, async () => "break-off") })),
  on("reads", "answers that break off without end", "AWS did not answer", () => ({ after: async () => "break-off" })),
  on("reads", "an answer that breaks off, once", null, () => ({ after: times(1, async () => "break-off") })),
  on("reads", "a connection reset without end", "AWS did not answer", () => ({ before: async () => "drop" })),
  {
    name: "connections half open",
    hits: "reads",
    says: "AWS did not answer",
    begin: (world) => {
      world.breakAws(null, IMPATIENCE);
      return world.aws.freeze();
    },
  },
  { name: "connections refused", hits: "reads", says: "AWS did not answer", begin: (world) => world.aws.cut() },
  on("writes", "an outage (500) without end", "AWS answered 500", (target) => ({
    before: answer(target, { code: "InternalFailure", message: "busy", status: 500 }),
  })),
  on("writes", "a write denied", "AWS denied it. Allow", (target) => ({
    before: answer(target, DENIED),
  })),
  on("reads", "a read denied", "AWS denied it. Allow", (target) => ({
    before: answer(target, DENIED),
  })),
  {
    ...on("reads", "a set that is gone", "there is no such thing in this account and region", (target) => ({
      before: answer(target, { code: "WAFNonexistentItemException", message: "no such resource", status: 400 }),
    })),
    only: "firewall",
  },
  {
    ...on("reads", "a group that is gone", "There is no Auto Scaling group web", () => ({
      before: async () => ({ status: 200, body: NO_GROUPS }),
    })),
    only: "group",
  },
  { ...lockConflicts("ten lock conflicts in a row", 10), says: null },
  { ...lockConflicts("lock conflicts without end", Number.POSITIVE_INFINITY), says: "Something else keeps writing" },
];

interface AwsError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

const THROTTLED: AwsError = { code: "Throttling", message: "Rate exceeded", status: 400 };
const DENIED: AwsError = {
  code: "AccessDenied",
  message: "User: arn:aws:sts::111122223333:assumed-role/spillway is not authorized to perform it",
  status: 400,
};
const NO_GROUPS =
  '<DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeAutoScalingGroupsResult><AutoScalingGroups/></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>';

type Before = NonNullable<AwsFault["before"]>;

/** As each of AWS's protocols writes an error. */
function answer(target: Target, { code, message, status }: AwsError): Before {
  const name = code === "WAFNonexistentItemException" || status === 500 ? code : `${code}Exception`;
  const body =
    target === "firewall"
      ? JSON.stringify({ __type: name, message })
      : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return async () => ({ status, body });
}

function times<Act extends (operation: string) => Promise<unknown>>(count: number, act: Act): Act {
  let left = count;
  return (async (operation: string) => {
    left -= 1;
    return left >= 0 ? act(operation) : undefined;
  }) as Act;
}

/** A fault of the calls that read, or of those that write, and of no other. */
function on(
  hits: Fault["hits"],
  name: string,
  says: string | null,
  faultOf: (target: Target) => AwsFault & { readonly patience?: Partial<AwsPatience> },
): Fault {
  return {
    name,
    hits,
    says,
    begin: async (world, target) => {
      const { before, after, patience } = faultOf(target);
      const isHit = (operation: string) => operation === CALLS[target][hits === "reads" ? "read" : "write"];
      world.breakAws(
        {
          before: async (operation) => (isHit(operation) && (await before?.(operation))) || "forward",
          after: async (operation) => (isHit(operation) ? after?.(operation) : undefined),
        },
        patience,
      );
    },
  };
}

/** A stranger writes to the set just before each of our writes, so that our token is old. */
function lockConflicts(name: string, count: number): Omit<Fault, "says"> {
  return {
    name,
    hits: "writes",
    only: "firewall",
    begin: async (world) => {
      let writes = 0;
      world.breakAws({
        before: async (operation) => {
          if (operation !== CALLS.firewall.write || writes >= count) return "forward";
          writes += 1;
          const { changed } = await world.firewall.block([strangers(1 + (writes % 20))]);
          if (changed.length === 0) await world.firewall.unblock([strangers(1 + (writes % 20))]);
          return "forward";
        },
      });
    },
  };
}

/** The nth address that a stranger puts into the firewall. */
export function strangers(nth: number): string {
  return `192.0.2.${nth}/32`;
}
