import { parquetMetadataAsync, parquetRead, type SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { assert } from '../../proto/words/result.ts';
import type { StagedSource } from '../ports/border.ts';
import type { Column, ColumnGroup, ColumnValues, OpenTable, TableFormat } from '../ports/table-format.ts';

/**
 * Apache Parquet, every column required and flat; no statistics, which would repeat values in the footer. Texts go by a
 * dictionary under Snappy. Figures of three decimals do not get smaller by either, and are written as they are.
 */
export function parquetTables(): TableFormat {
  return {
    writer: (file, columns) => {
      const writer = new ByteWriter();
      const flush = (): void => {
        if (writer.index === 0) return;
        file.append(new Uint8Array(writer.buffer, 0, writer.index));
        writer.index = 0;
      };
      const parquet = new ParquetWriter({
        writer,
        schema: schemaOf(columns),
        statistics: false,
        createdBy: 'tongguan',
      });
      return {
        write: (group) => {
          const columnData = columns.map(({ name, holds }, index) => ({
            name,
            data: group[index] as string[] | Int32Array | Float64Array,
            offsetIndex: false,
            ...(holds === 'figure' ? ({ encoding: 'PLAIN', codec: 'UNCOMPRESSED' } as const) : {}),
          }));
          const rowGroupSize = Math.max(1, group[0]?.length ?? 0);
          const pending = parquet.write({ columnData, rowGroupSize, pageSize: ONE_PAGE });
          assert(pending === undefined, 'a writer in memory makes nobody wait');
          flush();
        },
        finish: () => {
          const pending = parquet.finish();
          assert(pending === undefined, 'a writer in memory makes nobody wait');
          flush();
          return file.close();
        },
      };
    },
    open: openTable,
  };
}

/** A group is one page a column: to look for where another would begin costs as much as writing it. */
const ONE_PAGE = 0;

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'row', num_children: columns.length }, ...columns.map(elementOf)];
}

function elementOf({ name, holds }: Column): SchemaElement {
  const required = { name, repetition_type: 'REQUIRED' } as const;
  if (holds === 'text') return { ...required, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  return { ...required, type: holds === 'count' ? 'INT32' : 'DOUBLE' };
}

async function openTable(source: StagedSource, columns: readonly Column[]): Promise<OpenTable> {
  const file = {
    byteLength: source.bytes,
    slice: (start: number, end = source.bytes): ArrayBuffer => {
      const piece = source.slice(start < 0 ? source.bytes + start : start, end);
      return Uint8Array.from(piece).buffer;
    },
  };
  const metadata = await parquetMetadataAsync(file);
  const found = metadata.schema.slice(1).map(({ name, type }) => `${name} ${type}`);
  const wanted = columns.map((column) => `${column.name} ${elementOf(column).type}`);
  assert(found.join() === wanted.join(), 'a table has the columns it was written with');
  const starts = [0];
  for (const { num_rows } of metadata.row_groups) starts.push((starts.at(-1) ?? 0) + Number(num_rows));
  return {
    groups: metadata.row_groups.length,
    read: (group) => {
      const [rowStart, rowEnd] = [starts[group], starts[group + 1]];
      assert(rowStart !== undefined && rowEnd !== undefined, 'a table has the group that is asked for');
      return readGroup({ file, metadata, rowStart, rowEnd }, columns);
    },
  };
}

async function readGroup(
  of: Pick<Parameters<typeof parquetRead>[0], 'file' | 'metadata' | 'rowStart' | 'rowEnd'>,
  columns: readonly Column[],
): Promise<ColumnGroup> {
  const chunks = new Map<string, unknown[][]>();
  await parquetRead({
    ...of,
    onChunk: ({ columnName, columnData }) => {
      chunks.set(columnName, [...(chunks.get(columnName) ?? []), columnData as unknown as unknown[]]);
    },
  });
  const rows = (of.rowEnd ?? 0) - (of.rowStart ?? 0);
  return columns.map((column) => valuesOf(chunks.get(column.name) ?? [], column, rows));
}

function valuesOf(chunks: readonly unknown[][], { holds }: Column, rows: number): ColumnValues {
  const joined = joinedOf(chunks, holds);
  assert(joined.length === rows, 'a column has as many values as its group has rows');
  return joined;
}

function joinedOf(chunks: readonly unknown[][], holds: Column['holds']): ColumnValues {
  const [only] = chunks;
  if (holds === 'text') return (chunks.length === 1 ? (only ?? []) : chunks.flat()) as string[];
  const wanted = holds === 'count' ? Int32Array : Float64Array;
  if (chunks.length === 1 && only instanceof wanted) return only as Int32Array | Float64Array;
  // What came by a dictionary is a plain array.
  const joined = new wanted(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk as number[], at);
    at += chunk.length;
  }
  return joined;
}
