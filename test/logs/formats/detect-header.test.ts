import { expect, it } from "@jest/globals";
import { detectFormat } from "../../../src/logs/formats/detect.ts";
import { FORMATS } from "../../../src/logs/formats/index.ts";

it("tells a table whose owner chose its columns by their names, and passes other comments over", () => {
  const table = [
    "#Version: 1.0",
    "#Fields: sc-status c-ip date time x-edge-location",
    "200\t192.0.2.1\t-\t-\tFRA56-P2",
  ];

  expect(detectFormat(table, FORMATS)).toMatchObject({
    format: { name: "cloudfront" },
    because: "its #Fields are those of CloudFront access log",
  });
  expect(detectFormat(["# a comment", "#Version: 1.0"], FORMATS)).toMatchObject({
    format: null,
    because: "holds nothing",
  });
});
