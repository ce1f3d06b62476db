import { join } from 'node:path';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import type { CloudConfig } from '../../../cloud/config/config.ts';
import { addDays } from '../../../cloud/transfer/civil-days.ts';
import type { Part } from '../../../cloud/transfer/join-parts.ts';
import { loadSqlite } from '../../../proto/config/load-sqlite.ts';
import { civilDateOf, civilYearOf, type Instant } from '../../../proto/words/time.ts';

/** Persons of one transfer, as the parcels that are decided later have. */
export const PARCEL_PERSONS = 1_000;

/** The transfer in hand, and those that fill the books. */
export interface Asked {
  readonly dataset: string;
  readonly recipient: string;
  readonly purpose: string;
}

/** Digests of persons by number: random by their words, as a keyed hash is, and in one piece, as a parcel that waits has them. */
export function personsFrom(first: number, count: number): readonly Uint8Array[] {
  const words = new Uint32Array(4 * count);
  for (let at = 0; at < words.length; at += 1) {
    const number = first + (at >>> 2);
    let mixed = Math.imul(number + 1, 0x9e3779b1) ^ Math.imul((at & 3) + 1, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    words[at] = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97) ^ number;
  }
  const bytes = new Uint8Array(words.buffer);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * 16, at * 16 + 16));
}

const REGISTERS = ['notice', 'pipia', 'consent-form', 'contract', 'certificate', 'map-review', 'assessment'] as const;

/**
 * Rows of the registers, of which a few are about the transfer and the rest about others of 500 datasets and 50
 * recipients. They are written at once: how fast changes are taken in is not measured here.
 */
export function fillRegisters({ stores }: Pick<CloudConfig, 'stores'>, rows: number, asked: Asked, at: Instant): void {
  const database = new (loadSqlite())(join(stores.directory, 'registers.sqlite'));
  const put = database.prepare('INSERT INTO entry VALUES (?, ?, ?, ?)');
  database.transaction(() => {
    for (let row = 0; row < rows; row += 1) {
      const kind = REGISTERS[row % REGISTERS.length] ?? 'notice';
      const id = `${kind}-${row}`;
      const entry = { kind, id, version: 1, isWithdrawn: false, body: bodyOf(kind, row, asked, at), attachments: [] };
      put.run(kind, id, 1, JSON.stringify(entry));
    }
    database.prepare('INSERT INTO applied VALUES (0, ?)').run(rows);
  })();
  database.close();
}

function bodyOf(kind: (typeof REGISTERS)[number], row: number, asked: Asked, at: Instant): object {
  const today = civilDateOf(at);
  const [before, after] = [addDays(today, -30), addDays(today, 300)];
  // Every kind has one that counts.
  const isOurs = row < REGISTERS.length;
  const scoped = {
    id: `${kind}-${row}`,
    number: `N-${kind}-${row}`,
    validFrom: before,
    validUntil: after,
    recipients: isOurs ? [asked.recipient] : [`lab-${row % 50}`, `lab-${(row + 1) % 50}`],
    datasets: isOurs ? [asked.dataset] : [`set-${row % 500}`, `set-${(row + 1) % 500}`],
    purposes: isOurs ? [asked.purpose] : [`use-${row % 20}`],
  };
  const scale = { personsMax: 100_000_000, personsBefore: 0 };
  const own = {
    contract: { filing: { state: 'filed', on: before, number: `F-${row}` } },
    certificate: { status: { state: 'valid', checkedOn: today } },
    assessment: { appliedOn: addDays(before, -60), scale },
  };
  return { ...scoped, ...(kind in own ? own[kind as keyof typeof own] : {}) };
}

/** Counts persons as the gate does: a part, a reservation, and its end, each durable. @returns seconds of the counting */
export function countPersons(
  { transfers, parts }: Pick<CloudStores, 'transfers' | 'parts'>,
  persons: number,
  asked: Asked,
  at: Instant,
): { readonly countSeconds: number; readonly partSeconds: number } {
  const seconds = { countSeconds: 0, partSeconds: 0 };
  for (let first = 0; first < persons; first += PARCEL_PERSONS) {
    const transferId = `fill-${first}`;
    const digests = personsFrom(first, PARCEL_PERSONS);
    const [year, route] = [civilYearOf(at), 'security-assessment'];
    const begun = performance.now();
    parts.record(year, partOf(transferId, asked), { persons: digests, isSensitive: false });
    const recorded = performance.now();
    transfers.add({ ...rowOf(asked), transferId, requestedAt: at, state: 'requested', persons: 0 });
    transfers.permit(transferId, { year, route, isExempt: false, persons: { plain: digests } }, transfers.counted());
    transfers.close(transferId, 'delivered', 'counted');
    seconds.partSeconds += (recorded - begun) / 1_000;
    seconds.countSeconds += (performance.now() - recorded) / 1_000;
  }
  return seconds;
}

const rowOf = ({ dataset, recipient, purpose }: Asked) => ({ datasetId: dataset, recipientId: recipient, purpose });

const ABSENT = {
  sensitive: 'absent',
  geographic: 'absent',
  coordinates: 'absent',
  classifiedGeographic: 'absent',
  important: 'absent',
  core: 'absent',
  stateSecret: 'absent',
} as const;

const partOf = (transferId: string, asked: Asked): Part => ({
  transferId,
  ...rowOf(asked),
  flags: { personal: 'present', ...ABSENT },
  kinds: ['CHARGE'],
  items: [],
});
