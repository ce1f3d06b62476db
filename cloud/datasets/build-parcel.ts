import { createHash } from 'node:crypto';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Instant, toIso } from '../../proto/words/time.ts';
import { findVins, type Vin } from '../../proto/words/vin.ts';
import { recipientTag } from '../partition/recipient-tag.ts';
import type { Border } from '../ports/border.ts';
import type { ZoneReader } from '../ports/zone-store.ts';
import type { ZoneFault } from '../zones/custodian.ts';
import type { DatasetContents } from './contents.ts';
import { type StatisticsRow, vehicleDayStatistics } from './vehicle-day-statistics.ts';

export interface ParcelOrder {
  readonly transferId: string;
  readonly at: Instant;
  readonly dataset: { readonly id: string; readonly signals: readonly string[] };
  readonly contents: DatasetContents;
  readonly recipientId: string;
  readonly purpose: string;
  readonly digests: { readonly rules: string; readonly catalogue: string };
}

export interface ParcelParts {
  readonly zone: ZoneReader;
  readonly border: Border;
  /** The pseudonym key of the processor. */
  readonly key: Uint8Array;
  readonly vinOf: (deviceNumber: number) => Vin | undefined;
}

export interface Parcel {
  readonly manifestSha256: Uint8Array;
  readonly rows: number;
  readonly bytes: number;
  /** Whose rows are in it, distinct. */
  readonly vins: readonly Vin[];
}

export type ParcelFault = Fault<
  'DATASET_EMPTY' | 'DATASET_TOO_LARGE' | 'PARCEL_LEAK' | 'DEVICE_UNKNOWN' | 'BORDER_UNAVAILABLE' | ZoneFault['code']
>;

/** Stages a parcel: the rows as NDJSON and a manifest that names and hashes them. Nothing of it may be sent yet. */
export function buildParcel(order: ParcelOrder, parts: ParcelParts): Result<Parcel, ParcelFault> {
  const everything: [Instant, Instant] = [0 as Instant, order.at];
  const rows = vehicleDayStatistics(parts.zone.signals(...everything), new Set(order.dataset.signals));
  if (rows === undefined) return fail(fault('DATASET_TOO_LARGE'));
  if (rows.length === 0) return fail(fault('DATASET_EMPTY'));
  const tags = tagDevices(rows, order.recipientId, parts);
  if (!tags.ok) return tags;
  const lines = rows.map((row) => rowText(row, tags.value.get(row.deviceNumber)?.tag ?? ''));
  if (lines.some((line) => findVins(line).length > 0)) return fail(fault('PARCEL_LEAK'));
  const data = parts.border.stageLines(order.transferId, 'rows.ndjson', lines);
  if (!data.ok) return data;
  const manifest = Buffer.from(canonicalJson(manifestOf(order, rows.length, tags.value.size, [data.value])));
  const staged = parts.border.stageBytes(order.transferId, 'manifest.json', manifest);
  if (!staged.ok) return staged;
  return ok({
    manifestSha256: createHash('sha256').update(manifest).digest(),
    rows: rows.length,
    bytes: data.value.bytes + manifest.length,
    vins: [...tags.value.values()].map(({ vin }) => vin),
  });
}

type Tags = ReadonlyMap<number, { readonly tag: string; readonly vin: Vin }>;

/** A device that the register no longer knows cannot be counted as a person, so nothing of it may go. */
function tagDevices(
  rows: readonly StatisticsRow[],
  recipientId: string,
  parts: ParcelParts,
): Result<Tags, ParcelFault> {
  const tags = new Map<number, { tag: string; vin: Vin }>();
  for (const { deviceNumber } of rows) {
    if (tags.has(deviceNumber)) continue;
    const vin = parts.vinOf(deviceNumber);
    if (vin === undefined) return fail(fault('DEVICE_UNKNOWN'));
    tags.set(deviceNumber, { tag: recipientTag(parts.key, recipientId, vin), vin });
  }
  return ok(tags);
}

function rowText({ date, path, samples, least, mean, greatest }: StatisticsRow, tag: string): string {
  return canonicalJson({ tag, date, signal: path, samples, least, mean, greatest });
}

function manifestOf(order: ParcelOrder, rows: number, persons: number, files: readonly object[]): object {
  return {
    manifest: 1,
    transferId: order.transferId,
    datasetId: order.dataset.id,
    purpose: order.purpose,
    recipientId: order.recipientId,
    createdAt: toIso(order.at),
    rows,
    persons,
    files,
    schema: SCHEMA,
    classes: [...order.contents.classes],
    rulesDigest: order.digests.rules,
    catalogueDigest: order.digests.catalogue,
  };
}

const SCHEMA = {
  tag: 'pseudonym of a vehicle for this recipient, 32 hexadecimal digits',
  date: 'day in Asia/Shanghai, YYYY-MM-DD',
  signal: 'COVESA VSS path; values are in its unit, booleans as 0 and 1',
  samples: 'number of samples',
  least: 'least value',
  mean: 'arithmetic mean',
  greatest: 'greatest value',
} as const;

type OwnCode = Exclude<ParcelFault['code'], 'BORDER_UNAVAILABLE' | ZoneFault['code']>;

function fault(code: OwnCode): ParcelFault {
  const [problem, remedy] = TEXT[code];
  return { code, problem, remedy, retry: 'after-remedy' };
}

const TEXT: Readonly<Record<OwnCode, readonly [Fault['problem'], Fault['remedy']]>> = {
  DATASET_EMPTY: [
    bilingual('the dataset has no rows yet', '数据集暂无数据'),
    bilingual(
      'wait until vehicles have sent its signals, or check the policy bundle',
      '请等待车辆上传相关信号，或检查策略包',
    ),
  ],
  DATASET_TOO_LARGE: [
    bilingual('the dataset has more groups than one build may hold', '数据集分组数超过一次构建的上限'),
    bilingual('name fewer signals', '请减少信号数量'),
  ],
  PARCEL_LEAK: [
    bilingual('the built rows hold a VIN', '构建结果中出现车辆识别代号'),
    bilingual('inspect the personal zone; nothing was sent', '请检查个人信息区；未发送任何数据'),
  ],
  DEVICE_UNKNOWN: [
    bilingual('rows belong to a device that the register does not know', '存在注册表中没有的设备的数据'),
    bilingual('restore the device register', '请恢复设备注册表'),
  ],
};
