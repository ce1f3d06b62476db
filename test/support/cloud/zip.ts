import { deflateRawSync } from 'node:zlib';

/** A zip with one stored or deflated entry, as its specification has it. */
export function zip(
  name: string,
  content: Uint8Array,
  over: { readonly flags?: number; readonly mode?: number } = {},
): Buffer {
  const packed = deflateRawSync(content);
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(content));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(packed.length, 0);
  sizes.writeUInt32LE(content.length, 4);
  const { flags = 0, mode = 0o100644 } = over;
  const head = Buffer.from([20, 0, flags, 0, 8, 0, 0, 0, 0, 0]);
  const length = Buffer.from([name.length, 0, 0, 0]);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, crc, sizes, length, Buffer.from(name), packed]);
  const attributes = Buffer.alloc(8);
  attributes.writeUInt32LE((mode << 16) >>> 0, 0);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    Buffer.from([20, 3]),
    head,
    crc,
    sizes,
    length,
    Buffer.alloc(6),
    attributes,
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
