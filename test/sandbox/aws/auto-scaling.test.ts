import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { BOOT_MS } from "../../../src/sandbox/site/fleet.ts";
import { idleSite, type OpenAccount, openAccount } from "./open-account.ts";

const GROUP = { AutoScalingGroupName: "web" };

let account: OpenAccount;
let scaling: AutoScalingClient;

beforeEach(async () => {
  account = await openAccount(idleSite());
  scaling = new AutoScalingClient(account.client);
});

afterEach(async () => {
  scaling.destroy();
  await account.server.close();
});

async function read(): Promise<{ sizes: (number | undefined)[]; states: (string | undefined)[] }> {
  const { AutoScalingGroups } = await scaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["web"] }),
  );
  const group = AutoScalingGroups?.[0];
  return {
    sizes: [group?.MinSize, group?.DesiredCapacity, group?.MaxSize],
    states: (group?.Instances ?? []).map((instance) => instance.LifecycleState),
  };
}

describe("the stand-in for Auto Scaling", () => {
  it("describes the group, and nothing for a name that it does not know", async () => {
    const { AutoScalingGroups } = await scaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["other"] }),
    );

    expect(AutoScalingGroups).toEqual([]);
    expect(await read()).toEqual({ sizes: [2, 2, 8], states: ["InService", "InService"] });
  });

  it("boots new instances before they serve", async () => {
    await scaling.send(new SetDesiredCapacityCommand({ ...GROUP, DesiredCapacity: 3 }));
    const booting = await read();

    account.clock.advance(BOOT_MS);

    expect(booting.states).toEqual(["InService", "InService", "Pending"]);
    expect((await read()).states).toEqual(["InService", "InService", "InService"]);
    expect(account.world.fleet.inService(account.clock.now())).toHaveLength(3);
  });

  it.each([1, 9])("refuses a desired capacity of %d, outside of the bounds", async (desired) => {
    const outside = scaling.send(new SetDesiredCapacityCommand({ ...GROUP, DesiredCapacity: desired }));

    await expect(outside).rejects.toMatchObject({ name: "ValidationError" });
    expect((await read()).sizes).toEqual([2, 2, 8]);
  });

  it("pulls the desired capacity along with the bounds", async () => {
    await scaling.send(new UpdateAutoScalingGroupCommand({ ...GROUP, MinSize: 5 }));
    const raised = await read();
    await scaling.send(new UpdateAutoScalingGroupCommand({ ...GROUP, MinSize: 1, MaxSize: 2 }));

    expect(raised.sizes).toEqual([5, 5, 8]);
    expect((await read()).sizes).toEqual([1, 2, 2]);
  });

  it("refuses bounds that cross, and a group that it does not know", async () => {
    const crossed = scaling.send(new UpdateAutoScalingGroupCommand({ ...GROUP, MinSize: 9 }));
    const unknown = scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: "x", DesiredCapacity: 2 }));

    await expect(crossed).rejects.toMatchObject({ name: "ValidationError" });
    await expect(unknown).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("says which action it does not know", async () => {
    await expect(scaling.send(new DescribePoliciesCommand({}))).rejects.toMatchObject({ name: "InvalidAction" });
  });
});
