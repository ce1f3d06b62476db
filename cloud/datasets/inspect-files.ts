import { findVins } from '../../proto/words/vin.ts';
import type { ArchiveFormat, OpenArchive } from '../ports/archives.ts';
import { FILE_KINDS, type FileKind } from './file-kinds.table.ts';
import { endsAsZip, hidesBytes, isOldTar } from './hidden-bytes.ts';
import { leaksInBytes, leaksInText } from './leaks.ts';
import { holdsPicturePosition } from './picture-position.ts';
import { plainText, textLeak } from './text-leaks.ts';

/** Limits of one import; archives within archives share them. */
export const FILE_LIMITS = {
  /** Archives within archives: a zip in a tar.gz is three. */
  depth: 4,
  entries: 50_000,
  fileBytes: 268_435_456,
  /** Of all files and of all that was opened. */
  bytes: 1_073_741_824,
  pathCharacters: 1_024,
  /** A text file longer than this is a data file. */
  sourceTextBytes: 4_194_304,
} as const;

/** Why a file may not be imported; what was found is never said. */
export interface Objection {
  /** Path, with `!` between an archive and what is in it; VINs are taken out. */
  readonly path: string;
  readonly because: string;
}

/** What is left of the limits. */
export interface Budget {
  entries: number;
  bytes: number;
}

export const newBudget = (): Budget => ({ entries: FILE_LIMITS.entries, bytes: FILE_LIMITS.bytes });

interface Inspection {
  readonly kind: FileKind;
  readonly open: OpenArchive;
  readonly budget: Budget;
}

/**
 * Looks through one file, and through everything in it if it is an archive.
 *
 * @returns the first objection to each part; empty when the file may be imported
 */
export async function inspectFile(
  path: string,
  bytes: Uint8Array,
  inspection: Inspection,
  depth = 0,
): Promise<readonly Objection[]> {
  const object = (because: string): readonly Objection[] => [{ path: shown(path), because }];
  const { budget, kind } = inspection;
  budget.entries -= 1;
  budget.bytes -= bytes.length;
  if (budget.entries < 0) return object('too-many-files');
  if (budget.bytes < 0 || bytes.length > FILE_LIMITS.fileBytes) return object('too-many-bytes');
  const misnamed = objectionToPath(path);
  if (misnamed !== undefined) return object(misnamed);
  const found = formatOf(bytes);
  if (found === 'unreadable') return object('archive-of-a-kind-that-cannot-be-opened');
  if (found !== undefined) return inspectArchive(path, bytes, found, inspection, depth);
  const content = objectionToContent(path, bytes, kind);
  return content === undefined ? [] : object(content);
}

async function inspectArchive(
  path: string,
  bytes: Uint8Array,
  format: ArchiveFormat,
  inspection: Inspection,
  depth: number,
): Promise<readonly Objection[]> {
  const object = (because: string, inner = ''): readonly Objection[] => [{ path: shown(`${path}${inner}`), because }];
  if (depth >= FILE_LIMITS.depth) return object('archives-too-deep');
  // A document format is an archive too; its own ending says that it may be one.
  if (!isAllowedName(path, inspection.kind)) return object('ending-not-allowed');
  const objections: Objection[] = [];
  try {
    for await (const entry of inspection.open(bytes, format)) {
      const inner = format === 'gzip' ? innerNameOf(path) : entry.path;
      const place = `!${inner}`;
      if (inspection.budget.entries <= 0) return object('too-many-files');
      if (entry.kind === 'link' || entry.kind === 'special') return object(`holds-a-${entry.kind}`, place);
      if (entry.isEncrypted) return object('encrypted', place);
      if (entry.kind === 'directory') continue;
      const content = await entry.read(Math.min(FILE_LIMITS.fileBytes, Math.max(0, inspection.budget.bytes)));
      if (content === undefined) return object('too-many-bytes', place);
      const within = await inspectFile(inner, content, inspection, depth + 1);
      objections.push(...within.map((one) => ({ ...one, path: `${shown(path)}!${one.path}` })));
      if (objections.length > 0) return objections;
    }
  } catch {
    return object('archive-unreadable');
  }
  return hidesBytes(bytes, format) ? object('bytes-of-no-entry') : objections;
}

/** `a/b.tar.gz` holds `b.tar`, `a.tgz` holds `a.tar`; nothing that the archive itself says of it. */
function innerNameOf(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  return name.replace(/\.tgz$/i, '.tar').replace(/\.gz$/i, '');
}

function objectionToPath(path: string): string | undefined {
  if (path.length === 0 || path.length > FILE_LIMITS.pathCharacters) return 'path-too-long';
  if (/^[/\\]|^[A-Za-z]:|\\|\p{Cc}/u.test(path)) return 'path-not-relative';
  if (path.split('/').some((part) => part === '..' || part === '.' || part === '')) return 'path-leads-out';
  if (leaksInText(path).length > 0 || findVins(path.toUpperCase().replaceAll(/[_.-]/g, ' ')).length > 0) {
    return 'vin-in-the-name';
  }
  return undefined;
}

/** The format of an archive by its first bytes; `unreadable` for one that nothing here opens. */
function formatOf(bytes: Uint8Array): ArchiveFormat | 'unreadable' | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const startsWith = (magic: string): boolean => view.subarray(0, magic.length / 2).toString('hex') === magic;
  if (startsWith('504b0304') || startsWith('504b0506')) return 'zip';
  if (startsWith('1f8b')) return 'gzip';
  if (view.subarray(257, 262).toString('latin1') === 'ustar' || isOldTar(bytes)) return 'tar';
  return UNREADABLE.some(startsWith) || endsAsZip(bytes) ? 'unreadable' : undefined;
}

/** 7z, RAR, xz, bzip2, zstd, LZ4, Unix ar, cabinet. */
const UNREADABLE = [
  '377abcaf271c',
  '526172211a07',
  'fd377a585a00',
  '425a68',
  '28b52ffd',
  '04224d18',
  '213c617263683e',
  '4d534346',
];

function objectionToContent(path: string, bytes: Uint8Array, kind: FileKind): string | undefined {
  const { binaryBytesMax } = FILE_KINDS[kind];
  if (!isAllowedName(path, kind)) return 'ending-not-allowed';
  if (EXECUTABLE.some((magic) => Buffer.from(bytes.subarray(0, 4)).toString('hex').startsWith(magic))) return 'program';
  const text = textOf(bytes);
  if (text === undefined && bytes.length > binaryBytesMax) return 'binary-too-large';
  if (kind === 'ota-source' && text !== undefined && bytes.length > FILE_LIMITS.sourceTextBytes) return 'data-file';
  if (holdsPicturePosition(bytes)) return 'picture-position';
  if (holdsKeyMaterial(path, bytes)) return 'private-key';
  // A picture may be part of a document; where it was taken, or a cloud of points, may not.
  const leaks = [...leaksInBytes(bytes), ...(text === undefined ? [] : leaksInText(text))];
  const leak = leaks.find((one) => one !== 'picture') ?? textLeak(plainText(bytes, text));
  if (leak !== undefined) return leak;
  return isEncryptedDocument(bytes) ? 'encrypted' : undefined;
}

function isAllowedName(path: string, kind: FileKind): boolean {
  const { endings, names } = FILE_KINDS[kind];
  if (endings === undefined) return true;
  const name = (path.split('/').at(-1) ?? '').toLowerCase();
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '') : '';
  return endings.includes(ending) || (names ?? []).includes(name.split('.')[0] ?? '');
}

/** Text if it is UTF-8, or UTF-16 that says so, without control characters; undefined otherwise. */
function textOf(bytes: Uint8Array): string | undefined {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = isWide ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Keys that are no PEM: key stores by their magic, PKCS #12 and PKCS #8 by how their DER begins. */
function holdsKeyMaterial(path: string, bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  if (/^(?:feedfeed|cececece)/.test(start)) return true;
  if (/^30(?:82....|81..|..)020100(?:30|02)/.test(start) || /^30(?:82....|81..|..)020103(?:30)/.test(start))
    return true;
  return /\.(?:p12|pfx|jks|keystore|ppk|kdbx|key)$/i.test(path);
}

/** PDF with an encryption dictionary, and the compound files that encrypted office documents are. */
function isEncryptedDocument(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.subarray(0, 5).toString('latin1') === '%PDF-') return view.includes('/Encrypt');
  return view.includes(Buffer.from('EncryptedPackage', 'utf16le'));
}

/** ELF, PE, Mach-O, WebAssembly, Java class. */
const EXECUTABLE = ['7f454c46', '4d5a', 'feedface', 'feedfacf', 'cffaedfe', 'cefaedfe', '0061736d', 'cafebabe'];

/** A path as a fault may name it. */
function shown(path: string): string {
  return findVins(path).reduce((text, vin) => text.replaceAll(vin, '<redacted>'), path.slice(0, 200));
}
