import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

// From the root of the repository, where tests and benchmarks both run: the latter are compiled into another folder.
const GB = `${resolve('../shared/data/gb32960')}/`;
const JT = `${resolve('../shared/data/jt808')}/`;

/** Absent outside of the workshop; the tests that need them say so in their titles. */
export const areSamplesThere = existsSync(GB) && existsSync(JT);

export interface Sample {
  readonly hex: string;
  readonly checksum_ok?: boolean;
  readonly bcc_ok?: boolean;
  readonly len_ok?: boolean;
  readonly length_ok?: boolean;
  readonly msg_id?: string;
  readonly ver2019?: boolean;
  readonly source: { readonly repo: string; readonly case?: string };
  readonly expected?: Readonly<Record<string, unknown>>;
}

const rowsOf = (text: string): readonly Sample[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample);

export const gbSamples = (): readonly Sample[] =>
  areSamplesThere ? rowsOf(readFileSync(`${GB}frames_with_expected.jsonl`, 'utf8')) : [];

export const jtSamples = (): readonly Sample[] =>
  areSamplesThere ? rowsOf(gunzipSync(readFileSync(`${JT}frames_with_expected.jsonl.gz`)).toString('utf8')) : [];

/** Two hours of one real electric car, in the order they were received. */
export function gbStream(): readonly Buffer[] {
  if (!areSamplesThere) return [];
  const text = gunzipSync(readFileSync(`${GB}stream_LDPGABAC7JN200663_2019-12-30.csv.gz`)).toString('utf8');
  const rows = text.trim().split('\n').slice(1);
  return rows.map((row) => Buffer.from(row.split(',')[3]?.trim() ?? '', 'hex'));
}
