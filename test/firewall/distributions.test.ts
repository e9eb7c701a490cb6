/** Over HTTP, as CloudFront speaks XML of its own and a web ACL's ARN has to survive in a path. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { afterEach, expect, it } from "@jest/globals";
import { awsClientOptions } from "../../src/aws.ts";
import { distributionsOf } from "../../src/firewall/distributions.ts";

const ARN = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/a1b2c3d4";
const ACL = { name: "edge", arn: ARN, metricName: null, keepsSamples: false, rules: [] };
const XMLNS = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';

interface Distribution {
  readonly id: string;
  readonly isEnabled?: boolean;
}

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  server = undefined;
});

/** A CloudFront that gives one item a page, and denies to look at tenants where none are given. */
async function cloudFront(own: readonly Distribution[], tenants: readonly Distribution[] | null = null) {
  const asked: string[] = [];
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://cloudfront");
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(
      `${request.method} ${decodeURIComponent(url.pathname)}${url.search}${body.includes(ARN) ? " of it" : ""}`,
    );
    const isOwn = url.pathname.includes("distributionsByWebACLId");
    if (!isOwn && tenants === null) {
      const error = `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>`;
      return response.writeHead(403).end(`<ErrorResponse ${XMLNS}>${error}<RequestId>1</RequestId></ErrorResponse>`);
    }
    const at = Number(url.searchParams.get("Marker") ?? /<Marker>(\d+)</.exec(body)?.[1] ?? 0);
    return response.end(page(isOwn ? own : (tenants ?? []), at, isOwn));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new CloudFrontClient({ ...awsClientOptions({ region: "us-east-1", endpoint }), credentials });
  return { asked, of: (wanted?: string) => distributionsOf(ACL, { client, wanted, signal: undefined }) };
}

function page(all: readonly Distribution[], at: number, isOwn: boolean): string {
  const [one, next] = [all[at], all[at + 1]];
  const marker = next === undefined ? "" : `<NextMarker>${at + 1}</NextMarker>`;
  const enabled = `<Enabled>${one?.isEnabled ?? true}</Enabled>`;
  if (!isOwn) {
    const item = `<DistributionTenantSummary><DistributionId>${one?.id}</DistributionId>${enabled}</DistributionTenantSummary>`;
    const list = `<DistributionTenantList>${one === undefined ? "" : item}</DistributionTenantList>`;
    return `<ListDistributionTenantsByCustomizationResult ${XMLNS}>${marker}${list}</ListDistributionTenantsByCustomizationResult>`;
  }
  const item = `<Items><DistributionSummary><Id>${one?.id}</Id>${enabled}</DistributionSummary></Items>`;
  const about = `<Marker></Marker><MaxItems>1</MaxItems><IsTruncated>${next !== undefined}</IsTruncated><Quantity>1</Quantity>`;
  return `<DistributionList ${XMLNS}>${marker}${about}${one === undefined ? "" : item}</DistributionList>`;
}

it("finds those that use a web ACL and are enabled, page by page", async () => {
  const { of, asked } = await cloudFront([{ id: "E1" }, { id: "E2", isEnabled: false }, { id: "E3" }]);

  expect(await of()).toEqual(["E1", "E3"]);
  expect(asked).toEqual(
    ["", "?Marker=1", "?Marker=2"].map((at) => `GET /2020-05-31/distributionsByWebACLId/${ARN}${at}`),
  );
});

it("finds one that uses it for a tenant, where none uses it itself or another is wanted", async () => {
  const { of, asked } = await cloudFront([{ id: "E1" }], [{ id: "E7", isEnabled: false }, { id: "E8" }, { id: "E8" }]);

  expect(await of("E8")).toEqual(["E1", "E8"]);
  expect(asked.slice(1)).toEqual(Array(3).fill("POST /2020-05-31/distribution-tenants-by-customization of it"));
  expect(await of("E1")).toEqual(["E1"]);
});

it("says which permission is missing to look for tenants", async () => {
  const { of } = await cloudFront([]);

  await expect(of()).rejects.toThrow("Allow cloudfront:ListDistributionTenantsByCustomization");
});
