import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { crc32, gzipSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { S3Cache } from "../../../src/logs/sources/s3-cache.ts";
import { downloadObject } from "../../../src/logs/sources/s3-download.ts";
import { createS3Requests } from "../../../src/logs/sources/s3-requests.ts";

const BODY = gzipSync("GET /\n");

describe("an object on its way from S3", () => {
  let server: Server;
  let client: S3Client;

  beforeAll(async () => {
    server = createServer((_, response) => {
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32(BODY));
      response.setHeader("x-amz-checksum-crc32", checksum.toString("base64"));
      response.end(BODY);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    client = new S3Client({
      region: "eu-central-1",
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      forcePathStyle: true,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });

  afterAll(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  it("may break off before anybody has begun to read it", async () => {
    const stop = new AbortController();
    const cache: Pick<S3Cache, "find" | "keep"> = {
      find: async () => null,
      // As a slow disk has it: the file is not open yet when the job is cancelled, and the connection ends.
      async keep(_, body: Readable) {
        const closed = new Promise((resolve) => body.once("close", resolve));
        stop.abort(new Error("cancelled"));
        await closed;
        throw new Error("ended early");
      },
    };
    const object = { bucket: "logs", key: "a.gz", etag: '"e"', bytes: BODY.length, writtenMs: null };

    const download = downloadObject(object, {
      client,
      cache: cache as S3Cache,
      requests: createS3Requests(10),
      onBytes: () => {},
      signal: stop.signal,
    });

    await expect(download).rejects.toThrow("cancelled");
  });
});
