import { createGunzip, gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { createGunzipper, type Gunzipper, inOtherThreads } from "../../../src/logs/reading/gunzipper.ts";

const TEXT = Buffer.from(Array.from({ length: 5_000 }, (_, line) => `line ${line} ${Math.sin(line)}\n`).join(""));
const PACKED = gzipSync(TEXT);

/** Writes it in pieces, and gives what came of it, and the code of the error that ended it. */
async function unpack(gunzipper: Gunzipper, packed: Buffer, pieceBytes: number) {
  const unpacked: Buffer[] = [];
  try {
    for (let at = 0; at < packed.length; at += pieceBytes) {
      unpacked.push(Buffer.from(await gunzipper.write(packed.subarray(at, at + pieceBytes))));
    }
    await gunzipper.end();
    return { unpacked: Buffer.concat(unpacked), code: null };
  } catch (error) {
    return { unpacked: Buffer.concat(unpacked), code: (error as NodeJS.ErrnoException).code };
  } finally {
    gunzipper.close();
  }
}

describe.each([
  ["in this thread", createGunzipper],
  ["in other threads", () => inOtherThreads(createGunzip())],
])("unpacking %s", (_, create) => {
  it.each([1, 1_000, PACKED.length, 2 * PACKED.length])("gives all of a file in pieces of %d bytes", async (bytes) => {
    const packed = bytes === 1 ? gzipSync("few\n") : PACKED;
    const { unpacked, code } = await unpack(create(), packed, bytes);

    expect(code).toBe(null);
    expect(unpacked.equals(bytes === 1 ? Buffer.from("few\n") : TEXT)).toBe(true);
  });

  it("gives all members of a file that is several, wherever a piece begins, and lets padding be", async () => {
    const packed = Buffer.concat([gzipSync("one\n"), gzipSync("two\n"), gzipSync("three\n"), Buffer.alloc(100)]);

    for (const bytes of [1, 7, gzipSync("one\n").length, 1_000]) {
      expect(await unpack(create(), packed, bytes)).toEqual({ unpacked: Buffer.from("one\ntwo\nthree\n"), code: null });
    }
  });

  it("gives what there is of a file that is cut, and says so", async () => {
    const { unpacked, code } = await unpack(create(), PACKED.subarray(0, 30_000), 1_000);

    expect(code).toBe("Z_BUF_ERROR");
    expect(unpacked.length).toBeGreaterThan(10_000);
    expect(TEXT.subarray(0, unpacked.length).equals(unpacked)).toBe(true);
  });

  it("says where a file is damaged", async () => {
    const damaged = Buffer.from(PACKED);
    damaged.fill(0xff, 20_000, 20_050);

    expect((await unpack(create(), damaged, 1_000)).code).toBe("Z_DATA_ERROR");
    expect((await unpack(create(), Buffer.concat([PACKED, Buffer.from("garbage")]), 1_000)).code).toBe("Z_DATA_ERROR");
  });
});
