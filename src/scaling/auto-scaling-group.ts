import {
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { awsClientOptions, callAws, sayingWhatFor } from "../aws.ts";
import type { AwsSettings } from "../config/aws-settings.ts";
import type { ServiceConfig } from "../config/service.ts";
import type { Capacity } from "../domain/capacity.ts";
import { UpstreamError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Scaler } from "../ports/scaler.ts";
import { ownMaximum, refuseOver } from "./bounds.ts";
import { planRaise, planRestore, type Sizes } from "./plan.ts";

/** Makes a scaler of one EC2 Auto Scaling group. */
export function createAutoScalingGroup(options: {
  readonly config: Extract<NonNullable<ServiceConfig["scaling"]>, { kind: "auto-scaling-group" }>;
  readonly aws: AwsSettings;
  readonly log: Log;
}): Scaler {
  const { config, log } = options;
  const region = config.region ?? options.aws.region;
  const client = sayingWhatFor(new AutoScalingClient(awsClientOptions({ ...options.aws, region })));
  const group = `Auto Scaling group ${config.name} (${region})`;

  async function read(signal?: AbortSignal): Promise<Capacity> {
    const { AutoScalingGroups } = await callAws(
      { doing: `read ${group}`, permission: "autoscaling:DescribeAutoScalingGroups" },
      () =>
        client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [config.name] }), {
          ...(signal && { abortSignal: signal }),
        }),
    );
    const found = AutoScalingGroups?.[0];
    if (found !== undefined) return toCapacity(found);
    // AWS answers with an empty list, and no error, where the name is unknown.
    throw new UpstreamError("aws-not-found", `There is no ${group}. Check \`scaling.name\` in spillway.yaml.`, {
      retryable: false,
    });
  }

  async function write(before: Capacity, sizes: Sizes, { dryRun = false, signal }: Options): Promise<string[]> {
    if (sizes.min === before.min && sizes.desired === before.desired && sizes.max === before.max) return [];
    const max = sizes.max === before.max ? "" : `, MaxSize ${before.max} → ${sizes.max}`;
    const call = `autoscaling:UpdateAutoScalingGroup ${config.name} (${region}): MinSize ${before.min} → ${sizes.min}${max}, DesiredCapacity ${before.desired} → ${sizes.desired}`;
    if (dryRun) return [call];
    const command = new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: config.name,
      MinSize: sizes.min,
      ...(sizes.max !== before.max && { MaxSize: sizes.max }),
      DesiredCapacity: sizes.desired,
    });
    await callAws({ doing: `scale ${group}`, permission: "autoscaling:UpdateAutoScalingGroup" }, () =>
      client.send(command, { ...(signal && { abortSignal: signal }) }),
    );
    log.info({ group: config.name, before, sizes }, "auto scaling group resized");
    return [call];
  }

  return {
    read,
    async raiseTo(instances, options = {}) {
      refuseOver(config.maxInstances, instances, "`scaling.maxInstances` in spillway.yaml");
      const before = await read(options.signal);
      if (!(options.mayRaiseMax && config.mayRaiseMax)) refuseOver(before.max, instances, ownMaximum(group));
      return { calls: await write(before, planRaise(before, instances), options) };
    },
    async restore(before, options = {}) {
      const now = await read(options.signal);
      const { raisedTo = null, isForced = false } = options;
      const { sizes, left, conflict } = planRestore({ before, now, raisedTo, isForced });
      if (conflict !== null) return { calls: [], left: [], conflict };
      return { calls: await write(now, sizes, options), left };
    },
  };
}

interface Options {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

function toCapacity(group: AutoScalingGroup): Capacity {
  return {
    min: group.MinSize ?? 0,
    max: group.MaxSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    running: instancesIn(group, "InService"),
    pending: instancesIn(group, "Pending"),
  };
}

/** Those that a hook holds up on their way ("Pending:Wait") count as the state that they are on their way from. */
function instancesIn({ Instances = [] }: AutoScalingGroup, state: string): number {
  return Instances.filter(({ LifecycleState = "" }) => LifecycleState.split(":")[0] === state).length;
}
