import {
  GetIPSetCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  UpdateIPSetCommand,
  WAFOptimisticLockException,
  WAFV2Client,
  type WAFV2ClientResolvedConfig,
} from "@aws-sdk/client-wafv2";
import { type AwsStub, mockClient } from "aws-sdk-client-mock";

interface FakeUpdate {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly token: string;
  readonly description: string | undefined;
}

/** AWS WAF as far as the adapter sees it: sets that are replaced whole, each write bound to the token of the last. */
export interface FakeWaf {
  /** What is in a set, as it was written. */
  held(id: string): readonly string[];
  token(id: string): string;
  /** Writes as somebody else would: the token changes. */
  write(id: string, addresses: readonly string[]): void;
  /** Called before each update is looked at; a place for somebody else's write. */
  beforeUpdate: (update: { id: string; count: number }) => void;
  readonly updates: FakeUpdate[];
  /** What the set held when this token was given out. */
  listAt(token: string): readonly string[] | undefined;
  /** `REGIONAL eu-west-1`, for each call. */
  readonly callers: Set<string>;
  readonly mock: AwsStub<ServiceInputTypes, ServiceOutputTypes, WAFV2ClientResolvedConfig>;
}

export function createFakeWaf(sets: Readonly<Record<string, readonly string[]>>): FakeWaf {
  const mock = mockClient(WAFV2Client);
  const held = new Map(Object.entries(sets));
  const lists = new Map<string, readonly string[]>();
  const tokens = new Map<string, string>();
  const fake: FakeWaf = {
    held: (id) => held.get(id) ?? [],
    token: (id) => tokens.get(id) ?? "",
    listAt: (token) => lists.get(token),
    write(id, addresses) {
      const token = `${id}-${lists.size}`;
      held.set(id, addresses);
      tokens.set(id, token);
      lists.set(token, addresses);
    },
    beforeUpdate: () => undefined,
    updates: [],
    callers: new Set(),
    mock,
  };
  for (const [id, addresses] of Object.entries(sets)) fake.write(id, addresses);

  mock.on(GetIPSetCommand).callsFake(async ({ Id, Scope }, getClient) => {
    fake.callers.add(`${Scope} ${await getClient().config.region()}`);
    const IPAddressVersion = Id.startsWith("v6") ? "IPV6" : "IPV4";
    return {
      IPSet: { Name: Id, Id, IPAddressVersion, Addresses: [...fake.held(Id)], Description: "ours" },
      LockToken: fake.token(Id),
    };
  });
  mock.on(UpdateIPSetCommand).callsFake(async ({ Id, Addresses, LockToken, Description }) => {
    fake.updates.push({ id: Id, addresses: Addresses, token: LockToken, description: Description });
    fake.beforeUpdate({ id: Id, count: fake.updates.length });
    if (LockToken !== fake.token(Id)) {
      throw new WAFOptimisticLockException({ message: "token is old", $metadata: { httpStatusCode: 400 } });
    }
    fake.write(Id, Addresses);
    return { NextLockToken: fake.token(Id) };
  });
  return fake;
}
