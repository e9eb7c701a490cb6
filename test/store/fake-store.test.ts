import { describe, expect, it } from "@jest/globals";
import { createFakeStore } from "../support/fake-store.ts";
import { pendingProposal } from "./examples.ts";
import { describeStore } from "./store-suite.ts";

describeStore("the fake store", async () => createFakeStore());

describe("the fake store, beyond the port", () => {
  it("fails like a database that is away, until it is back", async () => {
    const store = createFakeStore();

    store.failWith(new Error("away"));
    await expect(store.ping()).rejects.toThrow("away");
    store.failWith(null);
    await expect(store.createProposal(pendingProposal())).resolves.toBe(true);
  });
});
