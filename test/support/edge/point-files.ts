type Points = readonly (readonly [x: number, y: number, z: number])[];

export function kittiFile(points: Points): Buffer {
  return Buffer.from(Float32Array.from(points.flatMap((point) => [...point, 0.5])).buffer);
}

const plyHeader = (format: string, count: number): string =>
  `ply\nformat ${format} 1.0\nelement vertex ${count}\nproperty double x\nproperty float y\nproperty float z\nend_header\n`;

export function plyAscii(points: Points): Buffer {
  const lines = points.map((point) => `${point.map((one) => (Number.isNaN(one) ? 'nan' : one)).join(' ')}\n`);
  // A letter the same everywhere, so that one replacement changes one thing.
  return Buffer.from(plyHeader('ascii', points.length).replace('double x', 'float x') + lines.join(''));
}

export function plyBinary(points: Points): Buffer {
  const body = Buffer.alloc(points.length * 16);
  for (const [index, [x, y, z]] of points.entries()) {
    body.writeDoubleLE(x, index * 16);
    body.writeFloatLE(y, index * 16 + 8);
    body.writeFloatLE(z, index * 16 + 12);
  }
  return Buffer.concat([Buffer.from(plyHeader('binary_little_endian', points.length)), body]);
}

export interface LasOptions {
  readonly minor?: 2 | 3 | 4;
  /** Where the file says that it has a projection. */
  readonly projection?: 'record' | 'extended' | 'bit';
}

/** LAS of point format 0 with a scale of a quarter of a millimetre. */
export function lasFile(points: Points, { minor = 2, projection }: LasOptions = {}): Buffer {
  const header = Buffer.alloc({ 2: 227, 3: 235, 4: 375 }[minor]);
  const record = projection === 'record' ? lasRecord(54) : Buffer.alloc(0);
  const extended = projection === 'extended' ? lasRecord(60) : Buffer.alloc(0);
  const body = Buffer.alloc(points.length * 20);
  const scale = 0.000_25 * Math.max(1, ...points.flat().map((one) => Math.abs(one) / 100_000));
  for (const [index, point] of points.entries()) {
    for (const [axis, value] of point.entries()) body.writeInt32LE(Math.round(value / scale), index * 20 + axis * 4);
  }
  header.write('LASF', 0, 'latin1');
  header.writeUInt16LE(projection === 'bit' ? 0x10 : 0, 6);
  header.set([1, minor], 24);
  header.writeUInt16LE(header.length, 94);
  header.writeUInt32LE(header.length + record.length, 96);
  header.writeUInt32LE(record.length > 0 ? 1 : 0, 100);
  header.writeUInt16LE(20, 105);
  if (minor === 4) header.writeBigUInt64LE(BigInt(points.length), 247);
  else header.writeUInt32LE(points.length, 107);
  for (const at of [131, 139, 147]) header.writeDoubleLE(scale, at);
  if (extended.length > 0) {
    header.writeBigUInt64LE(BigInt(header.length + record.length + body.length), 235);
    header.writeUInt32LE(1, 243);
  }
  return Buffer.concat([header, record, body, extended]);
}

function lasRecord(headBytes: number): Buffer {
  const content = Buffer.alloc(8);
  const head = Buffer.alloc(headBytes);
  head.write('LASF_Projection', 2, 'latin1');
  head.writeUInt16LE(34_735, 18);
  head.writeUInt16LE(content.length, 20);
  return Buffer.concat([head, content]);
}
