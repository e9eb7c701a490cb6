import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import { CreateIPSetCommand, GetIPSetCommand, UpdateIPSetCommand, WAFV2Client } from "@aws-sdk/client-wafv2";
import { canonical } from "../../src/firewall/ip-set-edit.ts";
import { type AwsBetween, standBetween } from "../support/aws-between.ts";
import { createWriteLog, type WriteLog } from "./write-log.ts";

const REGION = "eu-west-1";
/** What a group has before anybody scales it. */
export const BASE_INSTANCES = 2;
export const MAX_INSTANCES = 20;

type Family = "v4" | "v6";

/** Two IP sets and a group at moto, seen past Spillway, and everything that was written to them by anybody. */
export interface AwsAccount {
  /** Of `services` in spillway.yaml. */
  readonly service: object;
  readonly region: string;
  readonly writes: WriteLog;
  /** Canonical entries of both sets. */
  entries(): Promise<ReadonlySet<string>>;
  instances(): Promise<{ readonly min: number; readonly desired: number }>;
  /** Changes a set as somebody would who knows nothing of Spillway, until it is in. */
  changeAsStranger(change: { readonly add?: string; readonly remove?: string }): Promise<void>;
  close(): Promise<void>;
}

/** @param name of what is made, so that several may share a server */
export async function openAccount(motoUrl: string, name: string, foreign: readonly string[]): Promise<AwsAccount> {
  const writes = createWriteLog(BASE_INSTANCES);
  const between: AwsBetween = await standBetween(motoUrl, {
    after: async (operation, call) => writes.take("stranger", operation, call),
  });
  const settings = { region: REGION, endpoint: between.url };
  const waf = new WAFV2Client(settings);
  const groups = new AutoScalingClient(settings);
  const sets: Readonly<Record<Family, string>> = {
    v4: await createSet("v4", foreign),
    v6: await createSet("v6", foreign),
  };
  await createGroup();

  async function createSet(family: Family, held: readonly string[]): Promise<string> {
    const command = new CreateIPSetCommand({
      Name: `${name}-${family}`,
      Scope: "REGIONAL",
      IPAddressVersion: family === "v4" ? "IPV4" : "IPV6",
      Addresses: held.filter((address) => familyOf(address) === family),
    });
    return (await waf.send(command)).Summary?.Id ?? "";
  }

  async function createGroup(): Promise<void> {
    const LaunchConfigurationName = name;
    const image = { ImageId: "ami-12c6146b", InstanceType: "t3.small" };
    await groups.send(new CreateLaunchConfigurationCommand({ LaunchConfigurationName, ...image }));
    const command = new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchConfigurationName,
      MinSize: BASE_INSTANCES,
      MaxSize: MAX_INSTANCES,
      DesiredCapacity: BASE_INSTANCES,
      AvailabilityZones: [`${REGION}a`],
    });
    await groups.send(command);
  }

  const refOf = (family: Family) => ({ Name: `${name}-${family}`, Id: sets[family], Scope: "REGIONAL" as const });
  const readSet = (family: Family) => waf.send(new GetIPSetCommand(refOf(family)));

  return {
    region: REGION,
    writes,
    service: {
      firewall: {
        kind: "wafv2",
        region: REGION,
        ipv4Set: { name: `${name}-v4`, id: sets.v4 },
        ipv6Set: { name: `${name}-v6`, id: sets.v6 },
      },
      scaling: { kind: "auto-scaling-group", region: REGION, name, maxInstances: MAX_INSTANCES },
    },
    async entries() {
      const both = await Promise.all([readSet("v4"), readSet("v6")]);
      return new Set(both.flatMap(({ IPSet }) => IPSet?.Addresses ?? []).map(canonical));
    },
    async instances() {
      const { AutoScalingGroups } = await groups.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
      );
      const group = AutoScalingGroups?.[0];
      return { min: group?.MinSize ?? 0, desired: group?.DesiredCapacity ?? 0 };
    },
    async changeAsStranger({ add, remove }) {
      const family = familyOf(add ?? remove ?? "");
      for (let isDone = false; !isDone; ) {
        const { IPSet, LockToken } = await readSet(family);
        const kept = (IPSet?.Addresses ?? []).filter((address) => canonical(address) !== remove);
        const Addresses = add === undefined ? kept : [...kept, add];
        isDone = await waf.send(new UpdateIPSetCommand({ ...refOf(family), Addresses, LockToken })).then(
          () => true,
          (error: Error) => {
            if (error.name !== "WAFOptimisticLockException") throw error;
            return false;
          },
        );
      }
    },
    close: () => between.close(),
  };
}

function familyOf(address: string): Family {
  return address.includes(":") ? "v6" : "v4";
}
