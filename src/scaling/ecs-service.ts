import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { awsClientOptions, callAws, sayingWhatFor } from "../aws.ts";
import type { AwsSettings } from "../config/aws-settings.ts";
import type { ServiceConfig } from "../config/service.ts";
import type { Capacity } from "../domain/capacity.ts";
import { UpstreamError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Scaler } from "../ports/scaler.ts";
import { ownMaximum, refuseOver } from "./bounds.ts";
import { planRaise, planRestore, type Sizes } from "./plan.ts";

/**
 * Makes a scaler of the tasks of one ECS service.
 *
 * Where Application Auto Scaling scales the service, its minimum is raised, as its next decision would take back a
 * desired count that stands alone. Where it does not, the desired count is all there is, and stands for the minimum.
 */
export function createEcsService(options: {
  readonly config: Extract<NonNullable<ServiceConfig["scaling"]>, { kind: "ecs-service" }>;
  readonly aws: AwsSettings;
  readonly log: Log;
}): Scaler {
  const { config, log } = options;
  const region = config.region ?? options.aws.region;
  const settings = awsClientOptions({ ...options.aws, region });
  const ecs = sayingWhatFor(new ECSClient(settings));
  const autoScaling = sayingWhatFor(new ApplicationAutoScalingClient(settings));
  const name = `${config.cluster}/${config.name}`;
  const service = `ECS service ${name} (${region})`;
  const target = {
    ServiceNamespace: "ecs",
    ResourceId: `service/${name}`,
    ScalableDimension: "ecs:service:DesiredCount",
  } as const;

  async function readTasks(signal: AbortSignal | undefined) {
    const { services = [] } = await callAws({ doing: `read ${service}`, permission: "ecs:DescribeServices" }, () =>
      ecs.send(
        new DescribeServicesCommand({ cluster: config.cluster, services: [config.name] }),
        signal && { abortSignal: signal },
      ),
    );
    // One that was deleted is listed as inactive for a while.
    const found = services.find(({ status }) => status !== "INACTIVE");
    if (found !== undefined) return found;
    throw new UpstreamError(
      "aws-not-found",
      `There is no ${service}. Check \`scaling.cluster\` and \`scaling.name\` in spillway.yaml.`,
      { retryable: false },
    );
  }

  async function readBounds(signal: AbortSignal | undefined): Promise<Pick<Capacity, "min" | "max"> | null> {
    const { ScalableTargets: [found] = [] } = await callAws(
      { doing: `read what scales ${service}`, permission: "application-autoscaling:DescribeScalableTargets" },
      () =>
        autoScaling.send(
          new DescribeScalableTargetsCommand({
            ServiceNamespace: target.ServiceNamespace,
            ResourceIds: [target.ResourceId],
            ScalableDimension: target.ScalableDimension,
          }),
          signal && { abortSignal: signal },
        ),
    );
    return found === undefined ? null : { min: found.MinCapacity ?? 0, max: found.MaxCapacity ?? 0 };
  }

  async function read(signal?: AbortSignal): Promise<State> {
    const [tasks, bounds] = await Promise.all([readTasks(signal), readBounds(signal)]);
    const desired = tasks.desiredCount ?? 0;
    return {
      isScaled: bounds !== null,
      capacity: {
        ...(bounds ?? { min: desired, max: config.maxInstances }),
        desired,
        running: tasks.runningCount ?? 0,
        pending: tasks.pendingCount ?? 0,
      },
    };
  }

  /** Makes the minimum so first: only then does nothing undo the desired count. */
  async function write({ capacity, isScaled }: State, sizes: Sizes, { dryRun = false, signal }: Options) {
    const calls: string[] = [];
    const isMaxMoved = sizes.max !== capacity.max;
    if (isScaled && (sizes.min !== capacity.min || isMaxMoved)) {
      const max = isMaxMoved ? `, MaxCapacity ${capacity.max} → ${sizes.max}` : "";
      calls.push(
        `application-autoscaling:RegisterScalableTarget ${target.ResourceId} (${region}): MinCapacity ${capacity.min} → ${sizes.min}${max}`,
      );
      if (!dryRun) await setBounds({ MinCapacity: sizes.min, ...(isMaxMoved && { MaxCapacity: sizes.max }) }, signal);
    }
    // A raised minimum pulls the count along by itself, at once or a little later.
    const desired = calls.length > 0 && !dryRun ? ((await readTasks(signal)).desiredCount ?? 0) : capacity.desired;
    const isThere = sizes.desired > capacity.desired ? desired >= sizes.desired : desired === sizes.desired;
    if (!isThere) {
      calls.push(`ecs:UpdateService ${name} (${region}): desiredCount ${desired} → ${sizes.desired}`);
      if (!dryRun) await setDesired(sizes.desired, signal);
    }
    if (calls.length > 0 && !dryRun) log.info({ service: name, before: capacity, sizes }, "ecs service resized");
    return calls;
  }

  /** What is left out stays what it is. */
  function setBounds(bounds: { MinCapacity: number; MaxCapacity?: number }, signal: AbortSignal | undefined) {
    const command = new RegisterScalableTargetCommand({ ...target, ...bounds });
    const call = { doing: `scale ${service}`, permission: "application-autoscaling:RegisterScalableTarget" };
    return callAws(call, () => autoScaling.send(command, signal && { abortSignal: signal }));
  }

  function setDesired(desiredCount: number, signal: AbortSignal | undefined) {
    const command = new UpdateServiceCommand({ cluster: config.cluster, service: config.name, desiredCount });
    const call = { doing: `scale ${service}`, permission: "ecs:UpdateService" };
    return callAws(call, () => ecs.send(command, signal && { abortSignal: signal }));
  }

  return {
    read: async (signal) => (await read(signal)).capacity,
    async raiseTo(instances, options = {}) {
      refuseOver(config.maxInstances, instances, "`scaling.maxInstances` in spillway.yaml");
      const state = await read(options.signal);
      if (!(options.mayRaiseMax && config.mayRaiseMax)) refuseOver(state.capacity.max, instances, ownMaximum(service));
      return { calls: await write(state, planRaise(state.capacity, instances), options) };
    },
    async restore(before, options = {}) {
      const state = await read(options.signal);
      const { raisedTo = null, isForced = false } = options;
      const { sizes, left, conflict } = planRestore({ before, now: state.capacity, raisedTo, isForced });
      if (conflict !== null) return { calls: [], left: [], conflict };
      return { calls: await write(state, sizes, options), left };
    },
  };
}

interface State {
  readonly capacity: Capacity;
  /** Whether Application Auto Scaling scales it. */
  readonly isScaled: boolean;
}

interface Options {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}
