import { createHash } from 'node:crypto';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { type Instant, toIso } from '../../proto/words/time.ts';
import type { ItemFinding } from '../classification/item.ts';
import type { ParcelFile } from '../ports/border.ts';
import type { DatasetContents } from './contents.ts';
import { LEAKS } from './leaks.ts';

/** What is asked for, of whom and by which rules. */
export interface ManifestOrder {
  readonly transferId: string;
  readonly at: Instant;
  readonly recipientId: string;
  readonly purpose: string;
  readonly contents: DatasetContents;
  /** What came of the clauses of important data; `unknown` until the classification has said, and that withholds. */
  readonly findings: readonly ItemFinding[] | 'unknown';
  readonly digests: { readonly rules: string; readonly catalogue: string };
}

export interface ManifestOf {
  readonly datasetId: string;
  readonly grain: 'vehicle-day' | 'aggregate' | 'files';
  readonly files: readonly ParcelFile[];
  readonly rows: number;
  readonly persons: readonly Uint8Array[];
  /** Distinct; undefined where the number would tell two builds apart. */
  readonly vehicles?: number;
  /** Shanghai days, both included. */
  readonly timeRange?: { readonly from: string; readonly until: string };
  readonly schema: readonly object[];
  readonly lineage: readonly object[];
  /** What else belongs to this grain. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The manifest of a parcel as RFC 8785 JSON. What it says of persons lets nobody learn who they are. */
export function manifestText(order: ManifestOrder, of: ManifestOf): string {
  const { contents, findings, digests } = order;
  return canonicalJson({
    manifest: 2,
    transferId: order.transferId,
    datasetId: of.datasetId,
    grain: of.grain,
    purpose: order.purpose,
    recipientId: order.recipientId,
    createdAt: toIso(order.at),
    rows: of.rows,
    bytes: of.files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: of.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    persons: { count: of.persons.length, digestOfSet: digestOfSet(of.persons) },
    ...(of.vehicles === undefined ? {} : { vehicles: of.vehicles }),
    ...(of.timeRange === undefined ? {} : { timeRange: of.timeRange }),
    schema: of.schema,
    classes: contents.isUnsettled ? 'unknown' : [...contents.classes].sort(),
    kinds: [...contents.kinds],
    items: { tested: [...contents.items], findings },
    lineage: of.lineage,
    scannedFor: LEAKS,
    rulesDigest: digests.rules,
    catalogueDigest: digests.catalogue,
    ...of.more,
  });
}

/** SHA-256 of the digests of the persons, sorted and joined: the same set gives the same value in whatever order it came. */
export function digestOfSet(persons: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const person of [...persons].sort(Buffer.compare)) hash.update(person);
  return hash.digest('hex');
}
