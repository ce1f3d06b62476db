import { createHash } from 'node:crypto';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { recipientTag } from '../partition/recipient-tag.ts';
import type { Border } from '../ports/border.ts';
import type { Publications, PublishedFamily } from '../ports/publications.ts';
import type { TableFormat } from '../ports/table-format.ts';
import type { ZoneFault } from '../zones/custodian.ts';
import type { AggregateDefinition, StatisticsDefinition, VehicleModel } from './definition.ts';
import { leaksInText } from './leaks.ts';
import { type ManifestOf, type ManifestOrder, manifestText } from './parcel-manifest.ts';
import { readAggregates } from './read-aggregates.ts';
import { readOrderOf } from './read-order.ts';
import { readStatistics } from './read-statistics.ts';
import { type ReadFault, type ReadParts, readVehicles, shareReader } from './read-vehicles.ts';
import { TABLES } from './tables.ts';
import { ALONE, type Turns } from './turns.ts';
import { writeTable } from './write-table.ts';

export interface ParcelOrder extends ManifestOrder {
  readonly dataset: StatisticsDefinition | AggregateDefinition;
  readonly models: readonly VehicleModel[];
}

export interface ParcelParts {
  /** Read only. */
  readonly zone: Pick<ReadParts, 'signals'>;
  readonly border: Pick<Border, 'create' | 'open' | 'stageBytes'>;
  readonly publications: Pick<Publications, 'find' | 'touching'>;
  readonly format: TableFormat;
  /** The pseudonym key of the processor. */
  readonly key: Uint8Array;
  readonly vinOf: (deviceNumber: number) => Vin | undefined;
  /** Digests of the natural persons behind vehicles, distinct. */
  readonly personsOf: (vins: readonly Vin[]) => readonly Uint8Array[];
  /** Left out where one thread builds alone. */
  readonly turns?: Turns;
}

/** A staged parcel. Nothing of it may be sent yet. */
export interface Parcel {
  readonly manifestSha256: Uint8Array;
  readonly rows: number;
  /** Of all files, the manifest included. */
  readonly bytes: number;
  /** Digests of those whose personal information is in it, distinct. */
  readonly persons: readonly Uint8Array[];
  /** Aggregates that go out with it and have to be written down before. */
  readonly families: readonly PublishedFamily[];
  /** Of imported files, as they were looked through once more. */
  readonly treeSha256?: string;
  /** SHA-256 of the key it was sealed to (SPKI, DER), lower-case hex; absent while it lies in plain. */
  readonly sealedTo?: string;
}

export type ParcelFault =
  | ReadFault
  | ZoneFault
  | Fault<'DATASET_EMPTY' | 'PARCEL_LEAK' | 'BORDER_UNAVAILABLE' | 'FILE_PARCEL_CHANGED' | 'FILE_PARCEL_REFUSED'>;

/** What reading gives for a table and its manifest. */
export interface TableRows {
  readonly groups: Parameters<typeof writeTable>[0];
  /** Of all that was read; complete once the groups have ended. */
  readonly tags: Parameters<typeof writeTable>[1];
  readonly vocabulary: Parameters<typeof writeTable>[2]['vocabulary'];
  /** After the groups have ended. */
  readonly outcome: () => RowsOutcome;
}

export interface RowsOutcome {
  readonly persons: readonly Vin[];
  readonly families: readonly PublishedFamily[];
  readonly manifest: Pick<ManifestOf, 'grain' | 'lineage' | 'vehicles' | 'timeRange' | 'more'>;
}

/**
 * Stages a parcel: rows as Parquet and as lines of JSON, and a manifest that names and hashes them. It writes nothing but
 * the staging directory, and looks for what must not leave in every byte of it.
 */
export async function buildParcel(order: ParcelOrder, parts: ParcelParts): Promise<Result<Parcel, ParcelFault>> {
  const { dataset } = order;
  const reading = readOrderOf(order);
  const passes = await readVehicles(parcelReader(order, parts), parts.turns ?? ALONE);
  if (!passes.ok) return passes;
  const rows =
    dataset.kind === 'aggregates'
      ? await readAggregates(passes.value, reading, dataset, order, parts)
      : readStatistics(passes.value, reading);
  try {
    return await stage(rows, order, parts);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(unavailable(causeText(cause)));
  }
}

/** What reads shares of the zone for a parcel; the same in each thread of its build. */
export function parcelReader(
  order: Pick<ParcelOrder, 'dataset' | 'at' | 'models' | 'recipientId'>,
  { zone, vinOf, key }: Pick<ParcelParts, 'zone' | 'vinOf' | 'key'>,
): ReturnType<typeof shareReader> {
  const tagOf = (vin: Vin) => recipientTag(key, order.recipientId, vin);
  return shareReader(readOrderOf(order), { signals: zone.signals, vinOf, tagOf });
}

async function stage(rows: TableRows, order: ParcelOrder, parts: ParcelParts): Promise<Result<Parcel, ParcelFault>> {
  const columns = TABLES[order.dataset.kind];
  const { transferId } = order;
  const { turns = ALONE } = parts;
  const { groups, tags, vocabulary } = rows;
  const table = await writeTable(groups, tags, { transferId, columns, vocabulary }, { ...parts, turns });
  if (table.rows === 0) return fail(fault('DATASET_EMPTY'));
  if (table.leaks.length > 0) return fail(leakFault(table.leaks));
  const { persons: vins, families, manifest } = rows.outcome();
  const persons = parts.personsOf(vins);
  const text = manifestText(order, {
    ...manifest,
    datasetId: order.dataset.id,
    files: table.files,
    rows: table.rows,
    persons,
    schema: columns.map((column) => ({ ...column })),
  });
  return stageManifest(text, { order, parts, rows: table.rows, persons, families, files: table.files });
}

/** Writes the manifest beside the files, and gives the parcel. */
export function stageManifest(
  text: string,
  of: {
    readonly order: Pick<ManifestOrder, 'transferId'>;
    readonly parts: { readonly border: Pick<Border, 'stageBytes'> };
    readonly files: readonly { readonly bytes: number }[];
  } & Pick<Parcel, 'rows' | 'persons' | 'families'>,
): Result<Parcel, ParcelFault> {
  const leaks = leaksInText(text);
  if (leaks.length > 0) return fail(leakFault(leaks));
  const manifest = Buffer.from(text);
  const staged = of.parts.border.stageBytes(of.order.transferId, 'manifest.json', manifest);
  if (!staged.ok) return staged;
  const { rows, persons, families } = of;
  return ok({
    manifestSha256: createHash('sha256').update(manifest).digest(),
    rows,
    bytes: of.files.reduce((sum, { bytes }) => sum + bytes, manifest.length),
    persons,
    families,
  });
}

export function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && 'syscall' in cause;
}

export function unavailable(cause: string): Fault<'BORDER_UNAVAILABLE'> {
  return {
    code: 'BORDER_UNAVAILABLE',
    problem: bilingual(`a parcel cannot be written: ${cause}`, `无法写入数据包：${cause}`),
    remedy: bilingual(
      'free space in the border directory, then request the transfer again',
      '请释放出境目录空间，然后重新申请',
    ),
    retry: 'after-remedy',
  };
}

/** @param leaks - kinds of what was found; never what it was */
export function leakFault(leaks: readonly string[]): Fault<'PARCEL_LEAK'> {
  const kinds = leaks.join(', ');
  return {
    code: 'PARCEL_LEAK',
    problem: bilingual(`what was built holds what must not leave: ${kinds}`, `构建结果中出现不得出境的内容：${kinds}`),
    remedy: bilingual(
      'inspect the zone and the definition; nothing was sent',
      '请检查数据区与数据集定义；未发送任何数据',
    ),
    retry: 'after-remedy',
  };
}

function fault(code: 'DATASET_EMPTY'): Fault<'DATASET_EMPTY'> {
  return {
    code,
    problem: bilingual('the dataset has no rows to give yet', '数据集暂无可提供的数据'),
    remedy: bilingual(
      'wait until enough vehicles have sent its signals, or check its filters and the policy bundle',
      '请等待足够车辆上传相关信号，或检查过滤条件与策略包',
    ),
    retry: 'after-remedy',
  };
}
