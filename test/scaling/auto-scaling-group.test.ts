import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createLog } from "../../src/log.ts";
import { createAutoScalingGroup } from "../../src/scaling/auto-scaling-group.ts";

function createScaler(
  group: { MinSize: number; MaxSize: number; DesiredCapacity: number } | null,
  allowed: { readonly mayRaiseMax?: boolean } = {},
) {
  const mock = mockClient(AutoScalingClient);
  const described = {
    AvailabilityZones: [],
    AutoScalingGroupName: "web",
    DefaultCooldown: 0,
    HealthCheckType: "EC2",
    CreatedTime: new Date(0),
  };
  mock
    .on(DescribeAutoScalingGroupsCommand)
    .resolves({ AutoScalingGroups: group === null ? [] : [{ ...described, ...group }] });
  mock.on(UpdateAutoScalingGroupCommand).resolves({});
  const scaler = createAutoScalingGroup({
    config: { kind: "auto-scaling-group", name: "web", maxInstances: 8, ...allowed },
    aws: { region: "eu-west-1" },
    log: createLog("silent"),
  });
  const updates = () => mock.commandCalls(UpdateAutoScalingGroupCommand).map((call) => call.args[0].input);
  return { scaler, updates, mock };
}

describe("an Auto Scaling group", () => {
  it("gets minimum and desired count in one call", async () => {
    const { scaler, updates } = createScaler({ MinSize: 2, MaxSize: 10, DesiredCapacity: 3 });

    const { calls } = await scaler.raiseTo(6);

    expect(updates()).toEqual([{ AutoScalingGroupName: "web", MinSize: 6, DesiredCapacity: 6 }]);
    expect(calls).toEqual(["autoscaling:UpdateAutoScalingGroup web (eu-west-1): MinSize 2 → 6, DesiredCapacity 3 → 6"]);
  });

  it("is not called where it is large enough", async () => {
    const { scaler, updates } = createScaler({ MinSize: 6, MaxSize: 10, DesiredCapacity: 6 });

    expect(await scaler.raiseTo(6)).toEqual({ calls: [] });
    expect(updates()).toEqual([]);
  });

  it("is only looked at in a dry run", async () => {
    const { scaler, updates } = createScaler({ MinSize: 2, MaxSize: 10, DesiredCapacity: 3 });

    const { calls } = await scaler.raiseTo(6, { dryRun: true });

    expect(calls).toHaveLength(1);
    expect(updates()).toEqual([]);
  });

  it.each([
    ["the limit of spillway.yaml", 10, 9, "9 instances are more than 8, `scaling.maxInstances`"],
    ["its own maximum", 4, 6, "6 instances are more than 4, the maximum of Auto Scaling group web (eu-west-1)"],
  ])("never goes beyond %s", async (_, MaxSize, instances, message) => {
    const { scaler, updates } = createScaler({ MinSize: 2, MaxSize, DesiredCapacity: 3 });

    await expect(scaler.raiseTo(instances)).rejects.toMatchObject({
      name: "UserError",
      code: "scale-over-max",
      message: expect.stringContaining(message),
    });
    expect(updates()).toEqual([]);
  });

  describe("whose own maximum is too low", () => {
    const group = { MinSize: 2, MaxSize: 6, DesiredCapacity: 3 };

    it("gets a higher one in the same call, and the old one back", async () => {
      const { scaler, updates, mock } = createScaler(group, { mayRaiseMax: true });
      const before = await scaler.read();

      const { calls } = await scaler.raiseTo(8, { mayRaiseMax: true });
      mock.on(DescribeAutoScalingGroupsCommand).resolves({
        AutoScalingGroups: [{ MinSize: 8, MaxSize: 8, DesiredCapacity: 8 } as never],
      });
      await scaler.restore(before, { raisedTo: 8 });

      expect(calls).toEqual([
        "autoscaling:UpdateAutoScalingGroup web (eu-west-1): MinSize 2 → 8, MaxSize 6 → 8, DesiredCapacity 3 → 8",
      ]);
      expect(updates()).toEqual([
        { AutoScalingGroupName: "web", MinSize: 8, MaxSize: 8, DesiredCapacity: 8 },
        { AutoScalingGroupName: "web", MinSize: 2, MaxSize: 6, DesiredCapacity: 3 },
      ]);
    });

    it.each([
      ["the configuration does not allow it", {}, { mayRaiseMax: true }, 8],
      ["nobody approved it", { mayRaiseMax: true }, {}, 8],
      ["the configuration allows fewer", { mayRaiseMax: true }, { mayRaiseMax: true }, 9],
    ])("is left alone where %s", async (_, allowed, options, instances) => {
      const { scaler, updates } = createScaler(group, allowed);

      await expect(scaler.raiseTo(instances, options)).rejects.toMatchObject({ code: "scale-over-max" });
      expect(updates()).toEqual([]);
    });
  });

  it("says what it left as somebody else set it", async () => {
    const { scaler, updates } = createScaler({ MinSize: 6, MaxSize: 10, DesiredCapacity: 9 });

    const restored = await scaler.restore({ min: 2, max: 10, desired: 3, running: 3 }, { raisedTo: 6 });

    expect(updates()).toEqual([{ AutoScalingGroupName: "web", MinSize: 2, DesiredCapacity: 9 }]);
    expect(restored.left).toEqual([expect.stringContaining("The desired count stays at 9")]);
  });

  it("is named where it does not exist", async () => {
    const { scaler } = createScaler(null);

    await expect(scaler.read()).rejects.toMatchObject({ code: "aws-not-found", retryable: false });
  });

  it("is tried again later while another activity is under way", async () => {
    const { scaler, mock } = createScaler({ MinSize: 2, MaxSize: 10, DesiredCapacity: 3 });
    mock.on(UpdateAutoScalingGroupCommand).rejects(
      Object.assign(new Error("busy"), {
        name: "ScalingActivityInProgressFault",
        $metadata: { httpStatusCode: 400 },
      }),
    );

    await expect(scaler.raiseTo(6)).rejects.toMatchObject({ code: "aws-busy", retryable: true });
  });
});
