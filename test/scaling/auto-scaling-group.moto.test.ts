import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from "@aws-sdk/client-auto-scaling";
import { expect, it } from "@jest/globals";
import { createLog } from "../../src/log.ts";
import { createAutoScalingGroup } from "../../src/scaling/auto-scaling-group.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";

describeWithMoto("the instances of an Auto Scaling group", (moto) => {
  it("grow, stay within bounds, and go back to what they were", async () => {
    const scaler = await createGroup(moto);

    const before = await scaler.read();
    await scaler.raiseTo(4);
    const raised = await scaler.read();
    const { left } = await scaler.restore(before, { raisedTo: 4 });

    expect(before).toEqual({ min: 1, max: 5, desired: 2, running: 2, pending: 0 });
    expect(raised).toEqual({ min: 4, max: 5, desired: 4, running: 4, pending: 0 });
    expect(await scaler.read()).toEqual(before);
    expect(left).toEqual([]);
    await expect(scaler.raiseTo(6)).rejects.toMatchObject({ code: "scale-over-max" });
  });
});

async function createGroup(moto: Moto) {
  const client = new AutoScalingClient({ ...moto.aws });
  await client.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: "web",
      ImageId: "ami-12c6146b",
      InstanceType: "t3.small",
    }),
  );
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: "web",
      LaunchConfigurationName: "web",
      MinSize: 1,
      MaxSize: 5,
      DesiredCapacity: 2,
      AvailabilityZones: ["eu-west-1a"],
    }),
  );
  return createAutoScalingGroup({
    config: { kind: "auto-scaling-group", name: "web", maxInstances: 10 },
    aws: moto.aws,
    log: createLog("silent"),
  });
}
