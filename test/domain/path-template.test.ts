import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { pathTemplate } from "../../src/domain/path-template.ts";

describe("pathTemplate", () => {
  it.each([
    ["/", "/"],
    ["", ""],
    ["/orders/8812", "/orders/{id}"],
    ["/orders/8812/", "/orders/{id}/"],
    ["/orders/8812/items/3", "/orders/{id}/items/{id}"],
    ["/u/3f2504e0-4f89-11d3-9a0c-0305e82c3301/edit", "/u/{id}/edit"],
    ["/static/9f86d081884c7d65.css", "/static/{id}.css"],
    ["/image/33888?name=a", "/image/{id}"],
    ["/blog/2015/05/post-title#top", "/blog/{id}/{id}/post-title"],
    ["/blog/post-4711-how-to", "/blog/post-{id}-how-to"],
    ["/preview/eyJhbGciOiJIUzI1NiJ9kQ3x8Zw", "/preview/{id}"],
    ["/api/v2/search", "/api/v2/search"],
    ["/js/jquery-1.9.1.min.js", "/js/jquery-1.9.1.min.js"],
    ["/facade/deadbeef", "/facade/deadbeef"],
    ["/how-to-count-to-10-with-your-hands-in-2-days", "/how-to-count-to-10-with-your-hands-in-2-days"],
  ])("turns %s into %s", (path, template) => {
    expect(pathTemplate(path)).toBe(template);
  });

  it("gives the same again for its own result", () => {
    fc.assert(
      fc.property(fc.webPath({ size: "medium" }), (path) => {
        const once = pathTemplate(path);

        expect(pathTemplate(once)).toBe(once);
      }),
    );
  });

  it("reads no more than the first 512 characters", () => {
    expect(pathTemplate(`/${"a".repeat(100_000)}`)).toHaveLength(512);
  });
});
