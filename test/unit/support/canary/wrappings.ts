import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { noise } from './plants.ts';

export interface Wrapping {
  readonly name: string;
  /** Layer by which the scanner reports it. */
  readonly layer: string;
  readonly wrap: (leak: Uint8Array) => Buffer;
}

/** Compressors send less when there is something to find twice: a record with the leak in it, as a stream of them would be. */
const CONTEXT = Buffer.from(
  '{"observedAt":"2020-07-18T01:07:17.000Z","signal":"Vehicle.Speed","value":42.5}\n'.repeat(20),
);
const OUTER_JSON = Buffer.from('{"kind":"fix","payload":"');

/** Every way of wrapping bytes that the scanner opens, as others would write it. */
export const WRAPPINGS: readonly Wrapping[] = [
  ...[0, 1, 2].flatMap((shift) =>
    (['base64', 'base64url'] as const).map((alphabet) => ({
      name: `${alphabet}, ${shift} bytes before it`,
      layer: 'base64',
      wrap: (leak: Uint8Array) => Buffer.from(Buffer.concat([noise(shift, shift), leak]).toString(alphabet)),
    })),
  ),
  {
    name: 'base64 in lines of 20 characters',
    layer: 'base64',
    wrap: (leak) => Buffer.from(Buffer.from(leak).toString('base64').replace(/.{20}/g, '$&\r\n')),
  },
  {
    name: 'base64 glued to a word',
    layer: 'base64',
    wrap: (leak) => Buffer.from(`key${Buffer.from(leak).toString('base64')}`),
  },
  { name: 'hex', layer: 'hex', wrap: (leak) => Buffer.from(Buffer.from(leak).toString('hex')) },
  {
    name: 'hex, upper case, after an odd digit',
    layer: 'hex',
    wrap: (leak) => Buffer.from(`7${Buffer.from(leak).toString('hex').toUpperCase()}`),
  },
  {
    name: 'hex with colons',
    layer: 'hex',
    wrap: (leak) =>
      Buffer.from(
        Buffer.from(leak)
          .toString('hex')
          .replace(/..(?=.)/g, '$&:'),
      ),
  },
  { name: 'byte list', layer: 'byte-list', wrap: (leak) => Buffer.from(JSON.stringify(Buffer.from(leak))) },
  { name: 'byte list with spaces', layer: 'byte-list', wrap: (leak) => Buffer.from(`[${[...leak].join(', ')}]`) },
  { name: 'JSON escapes', layer: 'json-escapes', wrap: escapeAll },
  { name: 'gzip', layer: 'gzip', wrap: (leak) => gzipSync(leak) },
  {
    name: 'gzip among other records',
    layer: 'gzip',
    wrap: (leak) => gzipSync(Buffer.concat([CONTEXT, leak, CONTEXT])),
  },
  { name: 'gzip with a file name', layer: 'gzip', wrap: withFileName },
  {
    name: 'gzip, cut off',
    layer: 'gzip',
    wrap: (leak) => gzipSync(Buffer.concat([CONTEXT, leak, noise(5, 400)])).subarray(0, -300),
  },
  { name: 'zlib', layer: 'zlib', wrap: (leak) => deflateSync(leak) },
  { name: 'zlib, fastest', layer: 'zlib', wrap: (leak) => deflateSync(Buffer.concat([CONTEXT, leak]), { level: 1 }) },
  { name: 'zlib with fixed codes', layer: 'zlib', wrap: (leak) => deflateSync(leak, { strategy: constants.Z_FIXED }) },
  { name: 'raw deflate', layer: 'deflate', wrap: (leak) => deflateRawSync(leak) },
  {
    name: 'raw deflate among other records',
    layer: 'deflate',
    wrap: (leak) => deflateRawSync(Buffer.concat([CONTEXT, leak, CONTEXT])),
  },
  { name: 'raw deflate, flushed and not ended', layer: 'deflate', wrap: flushed },
];

/** UTF-16 wraps text only. */
export const TEXT_WRAPPINGS: readonly Wrapping[] = [
  {
    name: 'UTF-16, little end first',
    layer: 'utf16',
    wrap: (leak) => Buffer.from(Buffer.from(leak).toString('latin1'), 'utf16le'),
  },
  {
    name: 'UTF-16, big end first',
    layer: 'utf16',
    wrap: (leak) => Buffer.from(Buffer.from(leak).toString('latin1'), 'utf16le').swap16(),
  },
];

/** One inside the other, the last outermost. */
export function wrapAll(leak: Uint8Array, wrappings: readonly Wrapping[]): Buffer {
  return wrappings.reduce<Buffer>((inner, { wrap }) => wrap(inner), Buffer.from(leak));
}

/** Binary in a JSON string: every second byte as `\uXXXX`, and the rest as well where it must be. */
function escapeAll(leak: Uint8Array): Buffer {
  const escaped = [...leak].map((byte, at) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    return isPlain && at % 2 === 1 ? String.fromCharCode(byte) : `\\u${byte.toString(16).padStart(4, '0')}`;
  });
  return Buffer.concat([OUTER_JSON, Buffer.from(`${escaped.join('')}"}`)]);
}

function withFileName(leak: Uint8Array): Buffer {
  const plain = gzipSync(leak);
  const named = Buffer.concat([plain.subarray(0, 10), Buffer.from('rows.ndjson\0'), plain.subarray(10)]);
  named[3] = 8;
  return named;
}

/** What a compressed WebSocket message is: a flushed stream without its last empty block. */
function flushed(leak: Uint8Array): Buffer {
  return deflateRawSync(Buffer.concat([CONTEXT, leak]), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}
