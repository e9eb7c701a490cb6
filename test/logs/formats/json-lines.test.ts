import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { splitConcatenatedJson } from "../../../src/logs/formats/concatenated-json.ts";
import { salvageJson } from "../../../src/logs/formats/objects/json-salvage.ts";

describe("splitting objects that stand on one line", () => {
  it.each([
    ['{"a":1}', ['{"a":1}']],
    ['{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    ['{"a":1} , {"b":{"c":{}}}\t{"d":4}', ['{"a":1}', '{"b":{"c":{}}}', '{"d":4}']],
    ['{"a":"}{"}', ['{"a":"}{"}']],
    ['{"a":"\\"}{"}{"b":2}', ['{"a":"\\"}{"}', '{"b":2}']],
    ['{"a":1}{"b":', ['{"a":1}', '{"b":']],
    ['{"a":1}{"b":"cut}{', ['{"a":1}', '{"b":"cut}{']],
    ["GET / HTTP/1.1", ["GET / HTTP/1.1"]],
    ["", [""]],
  ])("splits %s", (line, objects) => {
    expect(splitConcatenatedJson(line)).toEqual(objects);
  });

  it("gives back any objects that are put together", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }), (objects) => {
        const lines = objects.map((object) => JSON.stringify(object));

        expect(splitConcatenatedJson(lines.join(""))).toEqual(lines);
      }),
    );
  });
});

describe("reading JSON that is cut or damaged", () => {
  it.each([
    ['{"a":1,"b":"x","c":tru', { a: 1, b: "x" }],
    ['{"a":12', {}],
    ['{"a":12,"b":"x', { a: 12 }],
    ['{"a":{"b":"x","c":[1,2,{"d":3},', { a: { b: "x", c: [1, 2, { d: 3 }] } }],
    ['{"a":1,,"b" oops "c":2}', { a: 1, c: 2 }],
    ['x","status":200,"r":{"ip":"192.0.2.1"}}', { status: 200, r: { ip: "192.0.2.1" } }],
    ['"r":{"ip":"192.0.2.1"},"s":1}', { r: { ip: "192.0.2.1" }, s: 1 }],
    ['{"a":"\\u00e9\\"","b":"\\x"}', { a: 'é"' }],
    ["}}]]{", {}],
  ])("reads what is whole of %s", (text, expected) => {
    expect(salvageJson(text)).toEqual(expected);
  });

  it("reads whole JSON as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object);

        expect(JSON.stringify(salvageJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});
