import { createHash } from 'node:crypto';
import type { Border, ParcelFile } from '../ports/border.ts';
import type { Column, ColumnGroup, ColumnValues, TableFormat } from '../ports/table-format.ts';
import { type Leak, leaksInBytes, leaksInLines, leaksInText } from './leaks.ts';
import { linesOf } from './table-lines.ts';
import type { TagSet } from './tag-set.ts';

export interface TableOrder {
  readonly transferId: string;
  readonly columns: readonly Column[];
  /** Every text that a column may hold, by the name of the column: there is no other text in a parcel. */
  readonly vocabulary: Readonly<Record<string, ReadonlySet<string>>>;
}

export interface TableParts {
  readonly border: Pick<Border, 'create' | 'open'>;
  readonly format: TableFormat;
}

export interface WrittenTable {
  readonly rows: number;
  readonly files: readonly ParcelFile[];
  /** Empty when the parcel may go on. */
  readonly leaks: readonly (Leak | 'not-as-written')[];
}

export const PARQUET_NAME = 'rows.parquet';
export const LINES_NAME = 'rows.ndjson';

/** Bytes of a file that are looked through at once, and how much of it again with the next. */
const PIECE_BYTES = 4_194_304;
const OVERLAP_BYTES = 256;

/**
 * Writes a table twice, as Parquet and as lines of JSON. The lines are made from what the Parquet file gives when another
 * library reads it, so both hold the same rows, and every value is looked at after it was written: compressed pages hide
 * from a search in bytes.
 *
 * @param tags - domestic tags of the zone; complete once `groups` has ended
 * @throws the system's error when the border does not take it
 */
export async function writeTable(
  groups: Iterable<ColumnGroup>,
  tags: () => TagSet,
  order: TableOrder,
  { border, format }: TableParts,
): Promise<WrittenTable> {
  const { transferId, columns } = order;
  const written = columns.map(createColumnDigest);
  const writer = format.writer(border.create(transferId, PARQUET_NAME), columns);
  for (const group of groups) {
    writer.write(group);
    for (const [index, values] of group.entries()) written[index]?.update(values);
  }
  const parquet = writer.finish();
  const read = columns.map(createColumnDigest);
  const leaks = new Set<Leak | 'not-as-written'>(leaksOfVocabulary(order, tags()));
  const source = border.open(transferId, PARQUET_NAME);
  try {
    for (const leak of leaksInFile(source, tags())) leaks.add(leak);
    const lines = border.create(transferId, LINES_NAME);
    let rows = 0;
    for await (const group of format.groups(source, columns)) {
      for (const [index, values] of group.entries()) read[index]?.update(values);
      if (!isLawful(group, order)) leaks.add('not-as-written');
      for (const piece of linesOf(group, columns)) {
        for (const leak of leaksInLines(piece)) leaks.add(leak);
        lines.append(piece);
      }
      rows += group[0]?.length ?? 0;
    }
    const same = written.every((hash, index) => hash.digest() === read[index]?.digest());
    if (!same) leaks.add('not-as-written');
    return { rows, files: [parquet, lines.close()], leaks: [...leaks] };
  } finally {
    source.close();
  }
}

function leaksOfVocabulary({ vocabulary }: TableOrder, tags: TagSet): readonly Leak[] {
  return Object.values(vocabulary).flatMap((words) => leaksInText([...words].join('\n'), tags));
}

function* leaksInFile(
  source: { readonly bytes: number; readonly slice: (start: number, end: number) => Uint8Array },
  tags: TagSet,
): Generator<Leak> {
  for (let start = 0; start < source.bytes; start += PIECE_BYTES) {
    const end = Math.min(source.bytes, start + PIECE_BYTES + OVERLAP_BYTES);
    yield* leaksInBytes(source.slice(start, end), tags);
  }
}

/** Takes values in; the same values in other groups give the same digest. */
interface ColumnDigest {
  readonly update: (values: ColumnValues) => void;
  readonly digest: () => string;
}

/** Texts repeat, so each is hashed once, and then the order in which they come. */
function createColumnDigest(): ColumnDigest {
  const hash = createHash('sha256');
  const ordinals = new Map<string, number>();
  return {
    update: (values) => {
      if (values instanceof Int32Array || values instanceof Float64Array) {
        hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        return;
      }
      const order = new Int32Array(values.length);
      let [before, known] = ['', -1];
      for (let row = 0; row < values.length; row += 1) {
        const text = values[row] ?? '';
        if (known < 0 || text !== before) {
          known = ordinals.get(text) ?? ordinals.size;
          if (known === ordinals.size) ordinals.set(text, known);
          before = text;
        }
        order[row] = known;
      }
      hash.update(new Uint8Array(order.buffer));
    },
    digest: () => hash.update([...ordinals.keys()].join('\n')).digest('hex'),
  };
}

/** Each text one of the vocabulary, each count a count, each figure cut to three decimals: there is no room for more. */
function isLawful(group: ColumnGroup, { columns, vocabulary }: TableOrder): boolean {
  return columns.every(({ name, holds }, index) => {
    const values = group[index];
    if (holds === 'text') return Array.isArray(values) && hasOnly(values, vocabulary[name]);
    if (holds === 'count') return values instanceof Int32Array && areAll(values, isCount);
    return values instanceof Float64Array && areAll(values, isFigure);
  });
}

function hasOnly(values: readonly string[], words: ReadonlySet<string> | undefined): boolean {
  let known = '';
  for (const value of values) {
    if (value === known) continue;
    if (words?.has(value) !== true) return false;
    known = value;
  }
  return true;
}

/** As `every`, which on columns of numbers takes several times as long. */
function areAll(values: Int32Array | Float64Array, holds: (value: number) => boolean): boolean {
  for (let row = 0; row < values.length; row += 1) if (!holds(values[row] ?? Number.NaN)) return false;
  return true;
}

const isCount = (value: number): boolean => value >= 0;
const isFigure = (value: number): boolean => Number.isFinite(value) && Math.round(value * 1_000) / 1_000 === value;
