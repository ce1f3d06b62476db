import { createHash } from 'node:crypto';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import type { TransferFacts } from './facts.ts';
import type { DatedRow } from './rule.ts';

/** SHA-256 of the canonical JSON (RFC 8785) of a value, 64 lower-case hexadecimal digits. */
export function jsonDigest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

/** Digest of the facts of one transfer. Lists in facts are sets, so their order does not change it. */
export function factsDigest(facts: TransferFacts): string {
  const onFile = facts.onFile.map((entry) => ({
    ...entry,
    recipients: entry.recipients.toSorted(),
    datasets: entry.datasets.toSorted(),
    purposes: entry.purposes.toSorted(),
    ...('reportedSha256' in entry ? { reportedSha256: entry.reportedSha256.toSorted() } : {}),
    ...('kinds' in entry ? { kinds: entry.kinds?.toSorted() } : {}),
    ...('manners' in entry ? { manners: entry.manners?.toSorted() } : {}),
    ...('changed' in entry ? { changed: entry.changed?.map((one) => jsonDigest(one)).toSorted() } : {}),
  }));
  return jsonDigest({
    ...facts,
    dataset: { ...facts.dataset, kinds: facts.dataset.kinds.toSorted() },
    onFile: onFile.toSorted((a, b) => byCodeUnit(a.id, b.id)),
    claimedExemptions: facts.claimedExemptions.toSorted((a, b) => a - b),
    signOffs: facts.signOffs.toSorted((a, b) => byCodeUnit(a.reading, b.reading)),
  });
}

/**
 * Digest of one row without its end. Closing a row is the one edit that a row in force may see, and it must not change
 * what an earlier verdict was digested under.
 */
export function rowDigest({ until: _, ...row }: DatedRow): string {
  return jsonDigest(row);
}

/** Digest of a set of rows: the digests of the rows, in the order of those digests. */
export function rowsDigest(rows: readonly DatedRow[]): string {
  return jsonDigest(rows.map(rowDigest).toSorted());
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
