import type { Border, ParcelFile } from '../ports/border.ts';
import type { ColumnGroup, TableFormat } from '../ports/table-format.ts';
import { type CheckOrder, openGroups, PARQUET_NAME } from './check-group.ts';
import { digestsOf } from './column-digests.ts';
import { type Leak, leaksInSource, leaksInText } from './leaks.ts';
import type { TagSet } from './tag-set.ts';
import type { Turns } from './turns.ts';

export interface TableParts {
  readonly border: Pick<Border, 'create' | 'open'>;
  readonly format: TableFormat;
  readonly turns: Pick<Turns, 'groups'>;
}

export interface WrittenTable {
  readonly rows: number;
  readonly files: readonly ParcelFile[];
  /** Empty when the parcel may go on. */
  readonly leaks: readonly (Leak | 'not-as-written')[];
}

export const LINES_NAME = 'rows.ndjson';

/**
 * Writes a table twice, as Parquet and as lines of JSON. The lines are made from what the Parquet file gives when another
 * library reads it, so both hold the same rows, and every value is looked at after it was written: compressed pages hide
 * from a search in bytes.
 *
 * @param tags - domestic tags of the zone; complete once `groups` has ended
 * @throws the system's error when the border does not take it
 */
export async function writeTable(
  groups: AsyncIterable<ColumnGroup>,
  tags: () => TagSet,
  order: CheckOrder,
  parts: TableParts,
): Promise<WrittenTable> {
  const { transferId, columns } = order;
  const { border, format } = parts;
  const written: (readonly string[])[] = [];
  const writer = format.writer(border.create(transferId, PARQUET_NAME), columns);
  for await (const group of groups) {
    writer.write(group);
    written.push(digestsOf(group));
  }
  const parquet = writer.finish();
  const checker = await openGroups(order, parts);
  try {
    const checks = parts.turns.groups(checker.groups, order, checker.check);
    const leaks = new Set<Leak | 'not-as-written'>(leaksOfVocabulary(order, tags()));
    for (const leak of leaksInSource(checker.source, tags())) leaks.add(leak);
    const lines = border.create(transferId, LINES_NAME);
    let [rows, group] = [0, 0];
    for await (const check of checks) {
      for (const leak of check.leaks) leaks.add(leak);
      if (check.digests.join() !== written[group]?.join()) leaks.add('not-as-written');
      for (const piece of check.lines) lines.append(piece);
      rows += check.rows;
      group += 1;
    }
    if (group !== written.length) leaks.add('not-as-written');
    return { rows, files: [parquet, lines.close()], leaks: [...leaks] };
  } finally {
    checker.close();
  }
}

function leaksOfVocabulary({ vocabulary }: CheckOrder, tags: TagSet): readonly Leak[] {
  return Object.values(vocabulary).flatMap((words) => leaksInText([...words].join('\n'), tags));
}
