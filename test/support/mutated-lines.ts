import fc from "fast-check";

/** What breaks readers of logs, or what they could take for something else. */
const NASTY: readonly (string | Uint8Array)[] = [
  ...[
    '"',
    "\\",
    '\\"',
    '" "',
    "\\\\",
    "\\x20",
    "\\x3f",
    "\\x5c",
    "\\x22",
    "\\x2d",
    "\\xff",
    "\\xC3\\xA9",
    "\\x",
    "\\u0022",
  ],
  ...[
    "\\t",
    "%2520",
    "%20",
    "%FF",
    "%3F",
    "%",
    "%C3%A9",
    "%25",
    "[",
    "]",
    "[]",
    ",",
    ", ",
    " : ",
    ":",
    "-",
    "-1",
    " ",
    "  ",
  ],
  ...[
    "\t",
    "\r",
    "\0",
    "\u0001",
    "\u00a0",
    "\u2003",
    "\ufeff",
    "é",
    "É",
    "?",
    "??",
    "#",
    "@",
    "/",
    "//",
    "://",
    "HTTP/1.1",
  ],
  ...[
    "http://u:p@h.example/x",
    "https://H.EXAMPLE:443",
    "http://-/",
    "a_b://c/d",
    "http://[::1]:80/",
    "http://h#f",
    "?x",
    "*",
  ],
  ...[
    "2001:db8::1",
    "[2001:db8::1]:80",
    "[::1]",
    "::",
    "198.51.100.1, 10.0.0.1",
    "10.0.0.1,10.0.0.2",
    "unix:",
    "a:80-",
    "-:80",
    "h:",
  ],
  ...[
    "0",
    "00",
    "000",
    "099",
    "1000",
    "1e3",
    "+5",
    "-0.5",
    "0.0000005",
    "1.2345678",
    "0.1235",
    "999999999999",
    "9".repeat(21),
  ],
  ...["1.", ".5", "0.001, 0.002", "-, -", "5s", "3000000000", "1790856000.1239999", "0001790856000", "253402300799"],
  ...[
    "31/Feb/2026:12:00:00 +0000",
    "31/Dec/9999:12:00:00 +0000",
    "01/Oct/2026:12:00:60 +0000",
    "01/Oct/2026:24:00:00 +0000",
  ],
  ...[
    "01/Oct/2026:12:00:00 -2359",
    "01/Oct/2026:12:00:00 +2460",
    "01/oct/2026:12:00:00 +0000",
    "2026-02-31",
    "12:00:60",
  ],
  ...["2026-02-30T12:00:00Z", "2026-10-01T12:00:60Z", "2026-10-01T12:00:00.1234567891Z", "2026-10-01T12:00:00+02:00"],
  ...[
    "2026-10-01 12:00:00Z",
    "9999-10-01T12:00:00Z",
    "2026-10-01T24:00:00Z",
    "1990-10-01T12:00:00Z",
    "2099-12-31T23:59:59Z",
  ],
  ...[
    "GET",
    "GET ",
    "GET  / HTTP/1.1",
    "GET /\u00a0 HTTP/1.1",
    "GET /a b HTTP/1.1",
    "get / HTTP/1.1 ",
    "- - - ",
    "GET / HTTP/1.1\t",
  ],
  ...['""', '"-"', "ß", "İ", "x".repeat(40)],
  ...[[0xff], [0xc2], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]].map((bytes) => Uint8Array.from(bytes)),
];

type Edit = (line: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const nasty = fc.constantFrom(...NASTY).map((piece) => Buffer.from(piece as Uint8Array));

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(place, nasty, fc.constantFrom(0, 0, 1, 1, 3)).map(
      ([at, piece, drop]): Edit =>
        (line) =>
          splice(line, Math.floor(at * (line.length + 1)), drop, piece),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom(1, 1, 2, 8)).map(
      ([at, drop]): Edit =>
        (line) =>
          splice(line, Math.floor(at * line.length), drop, Buffer.alloc(0)),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(place, nasty).map(
      ([at, piece]): Edit =>
        (line) =>
          replaceField(line, at, () => piece),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, nasty).map(
      ([at, piece]): Edit =>
        (line) =>
          replaceField(line, at, (field) => Buffer.concat([field, piece])),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, nasty).map(
      ([at, piece]): Edit =>
        (line) =>
          replaceField(line, at, (field) => Buffer.concat([piece, field])),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, place).map(
      ([one, other]): Edit =>
        (line) =>
          swapFields(line, one, other),
    ),
  },
  {
    weight: 3,
    arbitrary: place.map(
      (at): Edit =>
        (line) =>
          line.subarray(0, Math.floor(at * line.length)),
    ),
  },
);

/** Makes lines of others that are nearly as a server writes them; none holds a newline. */
export function mutatedLines(lines: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.nat(), fc.array(edit, { minLength: 1, maxLength: 3 }))
    .map(([which, edits]) => edits.reduce((line, change) => change(line), lines[which % lines.length] as Buffer));
}

function splice(line: Buffer, at: number, drop: number, piece: Buffer): Buffer {
  return Buffer.concat([line.subarray(0, at), piece, line.subarray(at + drop)]);
}

/** What stands between what parts fields in any format. */
function fieldsOf(line: Buffer): readonly { readonly start: number; readonly end: number }[] {
  return [...line.toString("latin1").matchAll(/[^ \t"|[\]]+/g)].map(({ 0: text, index }) => ({
    start: index,
    end: index + text.length,
  }));
}

function replaceField(line: Buffer, place: number, change: (field: Buffer) => Buffer): Buffer {
  const fields = fieldsOf(line);
  const field = fields[Math.floor(place * fields.length)];
  if (field === undefined) return line;
  return splice(line, field.start, field.end - field.start, change(line.subarray(field.start, field.end)));
}

function swapFields(line: Buffer, one: number, other: number): Buffer {
  const fields = fieldsOf(line);
  const [first, second] = [Math.floor(one * fields.length), Math.floor(other * fields.length)]
    .toSorted((a, b) => a - b)
    .map((index) => fields[index]);
  if (first === undefined || second === undefined || first === second) return line;
  return Buffer.concat([
    line.subarray(0, first.start),
    line.subarray(second.start, second.end),
    line.subarray(first.end, second.start),
    line.subarray(first.start, first.end),
    line.subarray(second.end),
  ]);
}
