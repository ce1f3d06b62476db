import type { RegisterEntry } from '../api/registers.ts';

/** One control unit of a campaign, and how far the filing of its source code is. */
export interface FilingRow {
  readonly campaign: string;
  readonly ecu: string;
  /** Undefined where nothing was begun. */
  readonly filing?: RegisterEntry;
  /** What was filed is what is released. */
  readonly hashes: 'same' | 'differ' | 'open';
}

/** Every control unit of every campaign that stands, with its newest filing; campaigns in the order they are listed. */
export function filingRows(
  campaigns: readonly RegisterEntry[],
  filings: readonly RegisterEntry[],
): readonly FilingRow[] {
  const standing = filings.filter(({ isWithdrawn, body }) => !isWithdrawn && !ENDS.includes(String(body['state'])));
  return campaigns
    .filter(({ isWithdrawn }) => !isWithdrawn)
    .flatMap(({ id, body }) =>
      namesOf(body['ecus']).map((ecu) => {
        const filing = standing.findLast((one) => one.body['campaign'] === id && one.body['ecu'] === ecu);
        const hashes = filing === undefined ? 'open' : hashesOf(filing, body['packageSha256']);
        return { campaign: id, ecu, hashes, ...(filing && { filing }) };
      }),
    );
}

/** A filing to begin with for a control unit, as far as the campaign says it. */
export function begunFiling({ id, body }: RegisterEntry, ecu: string): Readonly<Record<string, unknown>> {
  const { packageSha256, defectOrRecallNumber } = body;
  const name = `${id}-${ecu}`.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, ID_MAX);
  return { id: name, campaign: id, ecu, packageSha256, defectOrRecallNumber, state: 'draft' };
}

const ENDS = ['superseded', 'withdrawn'];
const ID_MAX = 64;

function hashesOf({ body }: RegisterEntry, released: unknown): FilingRow['hashes'] {
  if (body['packageSha256'] !== released) return 'differ';
  if (body['filedSha256'] === undefined) return 'open';
  return body['filedSha256'] === body['sourceTreeSha256'] ? 'same' : 'differ';
}

const namesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
