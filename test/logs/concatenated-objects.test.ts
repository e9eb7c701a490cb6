/** Firehose delivers objects without newlines between them, of any number; HAProxy's captured headers only look like that. */
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

/** With a user agent that looks like a seam between objects. */
function wafRecord(index: number): string {
  return JSON.stringify({
    timestamp: Date.UTC(2026, 10, 20, 14) + index,
    formatVersion: 1,
    webaclId: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/1",
    terminatingRuleId: "Default_Action",
    terminatingRuleType: "REGULAR",
    action: "ALLOW",
    httpSourceName: "ALB",
    httpRequest: {
      clientIp: `192.0.2.${index % 200}`,
      headers: [{ name: "User-Agent", value: 'ü } { "x' }],
      uri: "/",
      httpMethod: "GET",
    },
  });
}

it.each([2, 300, 12_000])("reads %i objects that stand on one line", async (count) => {
  folder.write("firehose", Array.from({ length: count }, (_, index) => wafRecord(index)).join(""));

  const { intake } = await folder.read();

  expect(intake).toMatchObject({ lines: count, parsed: count, formats: { waf: 1 } });
});

it("counts an object that is cut at the end of many", async () => {
  const objects = Array.from({ length: 5_000 }, (_, index) => wafRecord(index)).join("");
  folder.write("firehose", objects.slice(0, -20));

  const { intake } = await folder.read();

  expect(intake).toMatchObject({ lines: 5_000, parsed: 4_999, recovered: 1 });
});

it("does not part lines of HAProxy at the headers that it captured", async () => {
  const line =
    'Nov 20 14:00:01 lb haproxy[14389]: 10.0.1.2:33317 [20/Nov/2026:14:00:01.655] in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"\n';
  folder.write("haproxy.log", line.repeat(10));

  const { intake } = await folder.read();

  expect(intake).toMatchObject({ lines: 10, parsed: 10, formats: { haproxy: 1 } });
});
