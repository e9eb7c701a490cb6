import { z } from "zod";
import type { Clock } from "../../ports.ts";
import { ACCOUNT_ID, REGION, SCALING_GROUP, ZONES } from "../site/estate.ts";
import type { Fleet, Instance } from "../site/fleet.ts";
import { AwsFault } from "./fault.ts";
import { type Operations, operation } from "./operations.ts";

const count = z.coerce.number().int().nonnegative();
const Describe = z.object({ AutoScalingGroupNames: z.array(z.string()).default([]) });
const SetDesired = z.object({ AutoScalingGroupName: z.string(), DesiredCapacity: count });
const Update = z.object({
  AutoScalingGroupName: z.string(),
  MinSize: count.optional(),
  MaxSize: count.optional(),
  DesiredCapacity: count.optional(),
});

const COOLDOWN_SECS = 300;
const CREATED = "2025-03-04T09:12:00Z";

/** Makes Amazon EC2 Auto Scaling with the one group that serves `web`, as far as Spillway meets it. */
export function createAutoScaling(options: { readonly fleet: Fleet; readonly clock: Clock }): Operations {
  const { fleet, clock } = options;
  let size = { min: SCALING_GROUP.min, max: SCALING_GROUP.max, desired: SCALING_GROUP.desired } as Size;

  function change(wanted: Size): object {
    size = wanted;
    fleet.resize(size.desired, clock.now());
    return {};
  }

  function update(input: z.output<typeof Update>): object {
    requireGroup(input.AutoScalingGroupName);
    const min = input.MinSize ?? size.min;
    const max = input.MaxSize ?? size.max;
    if (min > max) throw invalid(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
    // Bounds alone pull the desired capacity along; a desired capacity outside of them is refused.
    if (input.DesiredCapacity === undefined) return change({ min, max, desired: clamp(size.desired, min, max) });
    return change({ min, max, desired: requireWithin(input.DesiredCapacity, min, max) });
  }

  function setDesired(input: z.output<typeof SetDesired>): object {
    requireGroup(input.AutoScalingGroupName);
    return change({ ...size, desired: requireWithin(input.DesiredCapacity, size.min, size.max) });
  }

  function describe({ AutoScalingGroupNames: names }: z.output<typeof Describe>): object {
    const isAsked = names.length === 0 || names.includes(SCALING_GROUP.name);
    return { AutoScalingGroups: isAsked ? [group(size, fleet.instances(), clock.now())] : [] };
  }

  return new Map([
    ["DescribeAutoScalingGroups", operation("ValidationError", Describe, describe)],
    ["UpdateAutoScalingGroup", operation("ValidationError", Update, update)],
    ["SetDesiredCapacity", operation("ValidationError", SetDesired, setDesired)],
  ]);
}

interface Size {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

function group(size: Size, instances: readonly Instance[], nowMs: number): object {
  return {
    AutoScalingGroupName: SCALING_GROUP.name,
    AutoScalingGroupARN: `arn:aws:autoscaling:${REGION}:${ACCOUNT_ID}:autoScalingGroup:6d0e:autoScalingGroupName/${SCALING_GROUP.name}`,
    LaunchTemplate: { LaunchTemplateId: "lt-0c1d2e3f405162738", LaunchTemplateName: "web", Version: "14" },
    MinSize: size.min,
    MaxSize: size.max,
    DesiredCapacity: size.desired,
    DefaultCooldown: COOLDOWN_SECS,
    AvailabilityZones: ZONES,
    HealthCheckType: "ELB",
    HealthCheckGracePeriod: 60,
    CreatedTime: CREATED,
    Instances: instances.map((instance) => ({
      InstanceId: instance.id,
      InstanceType: "t3.large",
      AvailabilityZone: instance.zone,
      LifecycleState: instance.inServiceMs <= nowMs ? "InService" : "Pending",
      HealthStatus: "Healthy",
      ProtectedFromScaleIn: false,
    })),
  };
}

function requireGroup(name: string): void {
  if (name !== SCALING_GROUP.name)
    throw invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
}

function requireWithin(desired: number, min: number, max: number): number {
  if (desired > max)
    throw invalid(`New SetDesiredCapacity value ${desired} is above max value ${max} for the AutoScalingGroup.`);
  if (desired < min)
    throw invalid(`New SetDesiredCapacity value ${desired} is below min value ${min} for the AutoScalingGroup.`);
  return desired;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

function invalid(message: string): AwsFault {
  return new AwsFault("ValidationError", message);
}
