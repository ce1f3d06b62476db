import { createHash } from 'node:crypto';
import { assert } from '../../proto/words/result.ts';
import type { Border, ParcelFile } from '../ports/border.ts';
import type { Column, ColumnGroup, ColumnValues, TableFormat } from '../ports/table-format.ts';
import { type Leak, leaksInBytes, leaksInLines, leaksInText } from './leaks.ts';
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
        const text = Buffer.from(piece);
        for (const leak of leaksInLines(text)) leaks.add(leak);
        lines.append(text);
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

/** Lines in one piece; long texts made of many short ones are slow to let go of. */
const LINES_A_PIECE = 1_024;

/** Rows as RFC 8785 objects, one a line, in pieces of whole lines. */
export function* linesOf(group: ColumnGroup, columns: readonly Column[]): Generator<string> {
  const rows = group[0]?.length ?? 0;
  assert(
    group.every(({ length }) => length === rows),
    'columns are equally long',
  );
  const members = columns.map((column, index) => ({ ...column, values: group[index] ?? [] })).sort(byName);
  const texts = members.map(memberText);
  let text = '';
  for (let row = 0; row < rows; row += 1) {
    for (let place = 0; place < texts.length; place += 1) text += texts[place]?.(row);
    text += '}\n';
    if ((row + 1) % LINES_A_PIECE > 0 && row + 1 < rows) continue;
    yield text;
    text = '';
  }
}

const byName = (a: Column, b: Column): number => (a.name < b.name ? -1 : 1);

/** One member of the objects, with what comes before its value. */
function memberText(
  { name, holds, values }: Column & { readonly values: ColumnValues },
  place: number,
): (row: number) => string {
  const start = `${place === 0 ? '{' : ','}${JSON.stringify(name)}:`;
  if (holds === 'figure') return (row) => start + figureText(values[row] as number);
  // Texts and counts repeat from row to row.
  let known: string | number | undefined;
  let text = '';
  return (row) => {
    const value = values[row];
    if (value === known) return text;
    known = value;
    text = start + JSON.stringify(value);
    return text;
  };
}

/** As JSON writes it, and three times as fast: a figure is a whole number of thousandths. */
export function figureText(value: number): string {
  const thousandths = Math.round(value * 1_000);
  if (Math.abs(thousandths) >= THOUSANDTHS_MAX) return JSON.stringify(value);
  const size = Math.abs(thousandths);
  const rest = size % 1_000;
  return `${thousandths < 0 ? '-' : ''}${(size - rest) / 1_000}${FRACTIONS[rest]}`;
}

/** Below it a figure has no more than fifteen digits, which a double holds exactly as written. */
const THOUSANDTHS_MAX = 1e15;

const FRACTIONS = Array.from({ length: 1_000 }, (_, rest) =>
  rest === 0 ? '' : `.${String(rest).padStart(3, '0').replace(/0+$/, '')}`,
);
