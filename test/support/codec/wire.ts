import fc from 'fast-check';

/**
 * Bytes that are nearly a SealedBatch: fields of the schema, mostly in order and mostly within their limits, with every
 * kind of departure now and then. Independent of the codec under test.
 */

type Bytes = fc.Arbitrary<Buffer>;

/** Value of a varint, and how many bytes longer than needed it is written. */
function varint(value: bigint, padding = 0): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  } while (left > 0n);
  for (let more = 0; more < padding; more += 1) bytes.push(0x80);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) & 0x7f;
  return Buffer.from(bytes);
}

const seldom = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 30): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight }, { arbitrary: odd, weight: 1 });

/** Numbers at the edges of a limit, and past it. */
function number(tag: number, max: number): Bytes {
  const within = fc.constantFrom(1n, 2n, BigInt(max));
  const without = fc.constantFrom(0n, BigInt(max) + 1n, 2n ** 32n + 1n, 2n ** 53n, 2n ** 63n);
  return fc
    .tuple(seldom(within, without), seldom(fc.constant(0), fc.constantFrom(1, 3)))
    .map(([value, padding]) => Buffer.concat([Buffer.from([tag]), varint(value, padding)]));
}

/** The same within a oneof, where 0 is a value like any other. */
const flag: Bytes = seldom(fc.constantFrom(0n, 1n), fc.constant(2n)).map((value) =>
  Buffer.concat([Buffer.from([0x18]), varint(value)]),
);

const double: Bytes = seldom(
  fc.constantFrom(0, -0, 1, -1.5, Number.MAX_VALUE, 5e-324),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
).chain((value) => {
  const bytes = Buffer.alloc(9, 0x11);
  bytes.writeDoubleLE(value, 1);
  return seldom(fc.constant(bytes), fc.constant(bytes.subarray(0, 8)));
});

/** A field with a length, which now and then is wrong. */
function sized(tag: number, body: Bytes): Bytes {
  return fc
    .tuple(body, seldom(fc.constant(0), fc.constantFrom(-1, 1, 100), 60))
    .map(([bytes, off]) =>
      Buffer.concat([varint(BigInt(tag)), varint(BigInt(Math.max(0, bytes.length + off))), bytes]),
    );
}

function text(tag: number, max: number): Bytes {
  const good = fc
    .constantFrom('x', 'x'.repeat(max), 'ü', '\ufeffx', '汉')
    .map((value) => Buffer.from(value).subarray(0, max));
  const bad = fc.constantFrom(
    Buffer.alloc(0),
    Buffer.alloc(max + 1, 0x78),
    Buffer.from([0xff]),
    Buffer.from([0xc0, 0x80]),
    Buffer.from([0xed, 0xa0, 0x80]),
  );
  return sized(tag, seldom(good, bad));
}

const subjectTag: Bytes = sized(
  0x0a,
  seldom(fc.constant(16), fc.constantFrom(0, 15, 17)).map((length) => Buffer.alloc(length, 7)),
);

/** Fields of one message: mostly in order, at times one is missing, there twice, or out of order. */
function message(...fields: readonly Bytes[]): Bytes {
  const unknown = fc.constant(Buffer.from([0x78, 1]));
  return fc
    .tuple(fc.tuple(...fields), fc.nat(40), fc.nat(fields.length), unknown)
    .map(([made, departure, at, extra]) => {
      if (departure === 0) return Buffer.concat([...made.slice(0, at), ...made.slice(at + 1)]);
      if (departure === 1) return Buffer.concat([...made.slice(at), ...made.slice(0, at)]);
      if (departure === 2) return Buffer.concat([...made.slice(0, at + 1), ...made.slice(at)]);
      return departure === 3 ? Buffer.concat([...made.slice(0, at), extra, ...made.slice(at)]) : Buffer.concat(made);
    });
}

const optional = (field: Bytes): Bytes => fc.oneof(field, fc.constant(Buffer.alloc(0)));

const many = (field: Bytes, max: number, oddMax: number): Bytes =>
  seldom(
    fc.array(field, { maxLength: 3 }),
    fc.array(field, { minLength: max, maxLength: oddMax, size: 'max' }),
    200,
  ).map((all) => Buffer.concat(all));

const value = fc.oneof(double, flag, sized(0x22, fc.constantFrom(Buffer.alloc(0), Buffer.from('OK'))), text(0x22, 32));
const signal = sized(
  0x1a,
  message(optional(number(0x08, 65_535)), seldom(value, fc.tuple(double, flag).map(Buffer.concat))),
);
const signals = sized(0x0a, message(subjectTag, optional(number(0x10, 2 ** 53 - 1)), many(signal, 256, 258)));
const cell = sized(
  0x12,
  message(
    subjectTag,
    optional(number(0x10, 2_000_000)),
    number(0x18, 100_000),
    number(0x20, 45),
    number(0x28, 10_000),
    number(0x30, 10_000),
    optional(number(0x38, 3)),
  ),
);
const trip = sized(0x1a, message(number(0x08, 99_991_231), optional(number(0x10, 20)), number(0x18, 20)));
const image = sized(
  0x22,
  message(
    optional(number(0x08, 120_000_000)),
    optional(number(0x10, 5)),
    optional(number(0x18, 1)),
    number(0x28, 4_096),
    optional(text(0x3a, 96)),
    sized(
      0x5a,
      seldom(
        fc.constant(Buffer.alloc(9)),
        fc.constantFrom(Buffer.alloc(0), Buffer.alloc(49_152), Buffer.alloc(49_153)),
      ),
    ),
  ),
);
const points = sized(
  0x2a,
  message(
    number(0x08, 120_000_000),
    many(sized(0x1a, optional(number(0x08, 16_777_215))), 6, 7),
    optional(number(0x20, 64_000)),
    optional(
      sized(0x2a, seldom(fc.constant(Buffer.alloc(6)), fc.constantFrom(Buffer.alloc(48_000), Buffer.alloc(48_001)))),
    ),
  ),
);
const objects = sized(
  0x32,
  message(number(0x08, 120_000_000), many(sized(0x12, message(optional(number(0x08, 7)), number(0x10, 1_024))), 8, 9)),
);
const frame = sized(
  0x42,
  seldom(fc.oneof(signals, cell, trip, image, points, objects), fc.tuple(cell, trip).map(Buffer.concat)),
);
const step = sized(0x2a, message(text(0x0a, 32), optional(text(0x12, 320))));
const removal = sized(0x32, message(text(0x0a, 32), optional(number(0x10, 2 ** 32 - 1))));
const drop = sized(0x4a, message(optional(number(0x08, 2 ** 53 - 1)), number(0x10, 2 ** 32 - 1), text(0x1a, 32)));

/** Field 30: the first of this message whose tag takes two bytes. */
const quantum = sized(0xf2, message(optional(number(0x08, 511)), optional(number(0x10, 1_000_000_000_000))));

/** Field 60. */
const standing = sized(
  0x1e2,
  message(
    optional(number(0x08, 65_535)),
    optional(number(0x10, 2 ** 53 - 1)),
    optional(number(0x18, 8)),
    optional(number(0x20, 6)),
  ),
);

export const nearlySealedBatch: Bytes = message(
  optional(number(0x08, 2 ** 48 - 1)),
  number(0x10, 2 ** 53 - 1),
  text(0x1a, 64),
  optional(number(0x20, 2 ** 32 - 1)),
  many(step, 16, 17),
  many(removal, 64, 65),
  many(sized(0x3a, fc.constantFrom(Buffer.from('Vehicle.Speed'), Buffer.alloc(0), Buffer.alloc(128, 0x61))), 512, 513),
  many(frame, 5, 6),
  many(drop, 16, 17),
  many(quantum, 512, 513),
  optional(standing),
);
