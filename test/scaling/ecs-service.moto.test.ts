import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { expect, it } from "@jest/globals";
import { createLog } from "../../src/log.ts";
import { createEcsService } from "../../src/scaling/ecs-service.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";

const TARGET = {
  ServiceNamespace: "ecs",
  ResourceId: "service/shop/web",
  ScalableDimension: "ecs:service:DesiredCount",
} as const;

describeWithMoto("the tasks of an ECS service", (moto) => {
  it("grow by their minimum, stay within bounds, and go back to what they were", async () => {
    const scaler = await createService(moto, { isScaled: true });

    const before = await scaler.read();
    const { calls } = await scaler.raiseTo(4);
    const raised = await scaler.read();
    const { left } = await scaler.restore(before, { raisedTo: 4 });

    expect(before).toMatchObject({ min: 1, max: 5, desired: 2 });
    expect(calls).toEqual([
      "application-autoscaling:RegisterScalableTarget service/shop/web (eu-west-1): MinCapacity 1 → 4",
      "ecs:UpdateService shop/web (eu-west-1): desiredCount 2 → 4",
    ]);
    expect(raised).toEqual({ min: 4, max: 5, desired: 4, running: 4, pending: 0 });
    expect(await scaler.read()).toMatchObject({ min: 1, max: 5, desired: 2 });
    expect(left).toEqual([]);
    await expect(scaler.raiseTo(6)).rejects.toMatchObject({ code: "scale-over-max" });
  });

  it("are not put back where somebody set another minimum, until a person wants it", async () => {
    const scaler = await createService(moto, { isScaled: true });
    const before = await scaler.read();
    await scaler.raiseTo(4);
    await autoScaling(moto).send(new RegisterScalableTargetCommand({ ...TARGET, MinCapacity: 3 }));

    const { conflict } = await scaler.restore(before, { raisedTo: 4 });
    const refused = await scaler.read();
    await scaler.restore(before, { raisedTo: 4, isForced: true });

    expect(conflict).toBe("the minimum is 3, which is neither the 4 it was raised to nor the 1 from before");
    expect(refused).toMatchObject({ min: 3, desired: 4 });
    expect(await scaler.read()).toMatchObject({ min: 1, desired: 2 });
  });

  it("are scaled by their count alone where nothing scales them", async () => {
    const scaler = await createService(moto, { isScaled: false });

    const before = await scaler.read();
    const { calls } = await scaler.raiseTo(4);
    const raised = await scaler.read();
    await scaler.restore(before, { raisedTo: 4 });

    expect(before).toMatchObject({ min: 2, max: 10, desired: 2 });
    expect(calls).toEqual(["ecs:UpdateService shop/web (eu-west-1): desiredCount 2 → 4"]);
    expect(raised).toMatchObject({ min: 4, desired: 4 });
    expect(await scaler.read()).toMatchObject({ desired: 2 });
    const targets = await autoScaling(moto).send(new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }));
    expect(targets.ScalableTargets).toEqual([]);
  });

  it("get a higher maximum where that is allowed and asked for, and the old one back", async () => {
    const scaler = await createService(moto, { isScaled: true, mayRaiseMax: true });
    const before = await scaler.read();

    await expect(scaler.raiseTo(7)).rejects.toMatchObject({ code: "scale-over-max" });
    const { calls } = await scaler.raiseTo(7, { mayRaiseMax: true });
    const raised = await scaler.read();
    await scaler.restore(before, { raisedTo: 7 });

    expect(calls[0]).toContain("MinCapacity 1 → 7, MaxCapacity 5 → 7");
    expect(raised).toMatchObject({ min: 7, max: 7, desired: 7 });
    expect(await scaler.read()).toMatchObject({ min: 1, max: 5, desired: 2 });
  });

  it("are only looked at in a dry run", async () => {
    const scaler = await createService(moto, { isScaled: true });

    const { calls } = await scaler.raiseTo(4, { dryRun: true });

    expect(calls).toHaveLength(2);
    expect(await scaler.read()).toMatchObject({ min: 1, desired: 2 });
  });
});

function autoScaling(moto: Moto): ApplicationAutoScalingClient {
  return new ApplicationAutoScalingClient({ ...moto.aws });
}

async function createService(
  moto: Moto,
  { isScaled, mayRaiseMax = false }: { readonly isScaled: boolean; readonly mayRaiseMax?: boolean },
) {
  const ecs = new ECSClient({ ...moto.aws });
  await ecs.send(new CreateClusterCommand({ clusterName: "shop" }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "web",
      containerDefinitions: [{ name: "web", image: "web:1", memory: 128 }],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({ cluster: "shop", serviceName: "web", taskDefinition: "web", desiredCount: 2 }),
  );
  if (isScaled) {
    await autoScaling(moto).send(new RegisterScalableTargetCommand({ ...TARGET, MinCapacity: 1, MaxCapacity: 5 }));
  }
  return createEcsService({
    config: { kind: "ecs-service", cluster: "shop", name: "web", maxInstances: 10, mayRaiseMax },
    aws: moto.aws,
    log: createLog("silent"),
  });
}
