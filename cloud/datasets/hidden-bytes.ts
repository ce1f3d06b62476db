import type { ArchiveFormat } from '../ports/archives.ts';
import { plainText, textLeak } from './text-leaks.ts';

/**
 * Whether an archive holds bytes that belong to none of its entries: whoever opens it does not see them, and they go out with it.
 *
 * Between entries and behind the end of a zip or a tar, in comments, and in optional parts of the head of a gzip. What is behind the
 * end of a gzip its opener finds.
 */
export function hidesBytes(bytes: Uint8Array, format: ArchiveFormat): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'zip') return zipHides(view);
  return format === 'tar' ? tarHides(view) : gzipHides(view);
}

/** A file that is no archive at its beginning, and is one to whoever looks from its end, as zip is read. */
export function endsAsZip(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.lastIndexOf(ZIP_END);
  return end >= 0 && end + ZIP_END_BYTES <= view.length && view.includes(ZIP_CENTRAL);
}

const ZIP_END = Buffer.from('PK\x05\x06', 'latin1');
const ZIP_CENTRAL = Buffer.from('PK\x01\x02', 'latin1');
const ZIP_LOCAL = Buffer.from('PK\x03\x04', 'latin1');
const ZIP_END_BYTES = 22;
const ZIP_CENTRAL_BYTES = 46;
const ZIP_LOCAL_BYTES = 30;
/** Behind the data of an entry whose sizes were not known before: signature, check sum and two sizes of up to eight bytes. */
const DESCRIPTOR_BYTES_MAX = 24;
/** Records of the end of a zip with sizes of 64 bits: 56 and 20 bytes. */
const ZIP64_END_BYTES = 76;

/** True as well for one whose directory is not where its end says: that is damaged, or two archives in one. */
function zipHides(view: Buffer): boolean {
  const end = view.lastIndexOf(ZIP_END);
  if (end < 0 || end + ZIP_END_BYTES !== view.length) return true;
  const [size, start] = [view.readUInt32LE(end + 12), view.readUInt32LE(end + 16)];
  const gap = end - (start + size);
  if (gap !== 0 && gap !== ZIP64_END_BYTES) return true;
  const data = entriesOf(view, start, start + size);
  if (data === undefined) return true;
  let covered = 0;
  for (const [from, until] of data.sort((a, b) => a[0] - b[0])) {
    if (from < covered || from - covered > DESCRIPTOR_BYTES_MAX) return true;
    covered = until;
  }
  return start < covered || start - covered > DESCRIPTOR_BYTES_MAX;
}

/** Where each entry of the directory begins and its data ends; undefined for a directory that cannot be walked. */
function entriesOf(view: Buffer, start: number, end: number): (readonly [number, number])[] | undefined {
  const found: (readonly [number, number])[] = [];
  for (let at = start; at < end; ) {
    if (at + ZIP_CENTRAL_BYTES > end || !view.subarray(at, at + 4).equals(ZIP_CENTRAL)) return undefined;
    const lengths = [28, 30, 32].map((offset) => view.readUInt16LE(at + offset));
    const [local, packed] = [view.readUInt32LE(at + 42), view.readUInt32LE(at + 20)];
    const isLocal = local + ZIP_LOCAL_BYTES <= start && view.subarray(local, local + 4).equals(ZIP_LOCAL);
    // A comment is read by nobody; a length that only its 64-bit form tells is beyond what is imported.
    if (!isLocal || lengths[2] !== 0 || packed === UNTOLD) return undefined;
    const head = ZIP_LOCAL_BYTES + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
    found.push([local, local + head + packed]);
    at += ZIP_CENTRAL_BYTES + lengths.reduce((sum, one) => sum + one, 0);
  }
  return found;
}

const UNTOLD = 0xffffffff;
const TAR_BLOCK = 512;

/** Whatever is behind the first empty block, or fills up the last block of a file. */
function tarHides(view: Buffer): boolean {
  for (let at = 0; at + TAR_BLOCK <= view.length; ) {
    const head = view.subarray(at, at + TAR_BLOCK);
    if (isEmpty(head)) return !isEmpty(view.subarray(at));
    const size = tarSize(head);
    if (size === undefined) return true;
    const end = at + TAR_BLOCK + size;
    if (isSaying(head) && saysTooMuch(view.subarray(at + TAR_BLOCK, end))) return true;
    at += TAR_BLOCK * (1 + Math.ceil(size / TAR_BLOCK));
    if (at > view.length || !isEmpty(view.subarray(end, at))) return true;
  }
  return view.length % TAR_BLOCK !== 0;
}

/** A record about the next file, or about all: it is taken for what it says, and is no entry (`x`, `g`; `L` and `K` of GNU). */
const isSaying = (head: Buffer): boolean => /[xgLK]/.test(head.toString('latin1', 156, 157));

/** Such as a comment that holds a file. */
const saysTooMuch = (said: Buffer): boolean =>
  said.length > SAID_BYTES_MAX || textLeak(plainText(said, undefined)) !== undefined;

const SAID_BYTES_MAX = 8_192;

/** In octal digits; a size in binary is of a file larger than any that is imported. */
function tarSize(head: Buffer): number | undefined {
  const text = head.toString('latin1', 124, 136).replaceAll(/[\0 ]/g, '');
  return /^[0-7]{0,11}$/.test(text) ? Number.parseInt(text || '0', 8) : undefined;
}

/** A head of a tar as it was before the format had a name: its check sum is that of its bytes. */
export function isOldTar(bytes: Uint8Array): boolean {
  if (bytes.length < TAR_BLOCK) return false;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, TAR_BLOCK);
  const told = head.toString('latin1', 148, 156).replaceAll(/[\0 ]/g, '');
  if (!/^[0-7]{1,7}$/.test(told) || isEmpty(head)) return false;
  let sum = 8 * 0x20;
  for (let at = 0; at < TAR_BLOCK; at += 1) if (at < 148 || at >= 156) sum += head[at] ?? 0;
  return sum === Number.parseInt(told, 8);
}

const isEmpty = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Extra fields and a comment are flags 4 and 16 of its fourth byte, a name is flag 8 and follows the ten of the head (RFC 1952). */
function gzipHides(view: Buffer): boolean {
  const flags = view[3] ?? 0xff;
  if ((flags & 0b1111_0100) !== 0) return true;
  if ((flags & 0b1000) === 0) return false;
  const end = view.indexOf(0, GZIP_HEAD_BYTES);
  return end < 0 || end - GZIP_HEAD_BYTES > NAME_BYTES_MAX || saysTooMuch(view.subarray(GZIP_HEAD_BYTES, end));
}

const GZIP_HEAD_BYTES = 10;
const NAME_BYTES_MAX = 255;
