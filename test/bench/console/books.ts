import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Layout } from '../../../bin/up/layout.ts';
import { sqliteTransferRegister } from '../../../cloud/adapters/sqlite-transfer-register.ts';
import { openLog } from '../../../cloud/log/open-log.ts';
import { TRANSFER_STATES } from '../../../cloud/ports/transfer-register.ts';
import { loadSqlite } from '../../../proto/config/load-sqlite.ts';
import { civilYearOf, type Instant } from '../../../proto/words/time.ts';
import { personsFrom } from '../verdicts/fill.ts';

/** What is on file before anything is measured. */
export interface Books {
  readonly persons: number;
  readonly transfers: number;
  readonly entries: number;
}

const LOG_GROUP = 4_096;
/** As many persons as one of the transfers that were delivered has. */
const PERSONS_EACH = 1_000;
const DATASETS = 12;
const RECIPIENTS = 5;

/** Transfers of a year, oldest first, and the persons who were counted for some of them; written at once. */
export function fillTransfers(layout: Layout, { persons, transfers }: Books, now: Instant): void {
  const file = layout.cloud('stores/transfers.sqlite');
  sqliteTransferRegister(file).shut();
  const database = new (loadSqlite())(file);
  const put = database.prepare('INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?)');
  const putPersons = database.prepare('INSERT INTO persons VALUES (?, ?)');
  const hold = database.prepare('INSERT INTO holding VALUES (?, ?, ?, ?, ?, ?)');
  const apart = Math.floor((300 * 86_400_000) / transfers);
  const counted = Math.ceil(persons / PERSONS_EACH);
  database.transaction(() => {
    for (let at = 0; at < transfers; at += 1) {
      const state = at < counted ? 'delivered' : (TRANSFER_STATES[at % TRANSFER_STATES.length] ?? 'withheld');
      // What is under way would be resumed at the start; of it there is never much.
      const isEnd = !['requested', 'permitted', 'awaiting-approval'].includes(state);
      const [dataset, recipient] = [`set-${at % DATASETS}`, `lab-${at % RECIPIENTS}`];
      const when = now - (transfers - at) * apart;
      put.run(idOf(at), when, dataset, recipient, 'warranty', isEnd ? state : 'withheld', PERSONS_EACH);
    }
    for (let at = 0; at < counted; at += 1) {
      const first = at * PERSONS_EACH;
      putPersons.run(first, Buffer.concat(personsFrom(first, PERSONS_EACH)));
      const numbers = Uint32Array.from({ length: PERSONS_EACH }, (_, one) => first + one);
      hold.run(idOf(at), 'plain', civilYearOf(now), 'standard-contract', 0, Buffer.from(numbers.buffer));
    }
  })();
  database.close();
}

export const idOf = (at: number): string => `t-${String(at).padStart(12, '0')}`;

/** Entries as a year leaves them: verdicts of the transfers, readings, changes; each some 300 bytes. */
export function fillLog(layout: Layout, { entries, transfers }: Books, now: Instant): void {
  let clock = now - 300 * 86_400_000;
  const step = Math.floor((300 * 86_400_000) / entries);
  const log = openLog({
    ...{ directory: layout.cloud('log/operations'), origin: 'tongguan.example/operations' },
    signingKey: createPrivateKey(readFileSync(layout.cloud('log.key'))),
    clock: { now: () => clock as Instant },
  });
  if (!log.ok) throw new Error(log.fault.problem.en);
  for (let first = 0; first < entries; first += LOG_GROUP) {
    const group = Math.min(LOG_GROUP, entries - first);
    const appended = log.value.append(
      Array.from({ length: group }, (_, at) => entryOf(first + at, entries, transfers)),
    );
    if (!appended.ok) throw new Error(appended.fault.problem.en);
    clock += group * step;
  }
  log.value.close();
}

const KINDS = ['data-read', 'verdict', 'data-read', 'account', 'data-read', 'intent'] as const;

function entryOf(at: number, entries: number, transfers: number) {
  const kind = KINDS[at % KINDS.length] ?? 'data-read';
  const path = `/registers/notice/notice-${at % 500}`;
  const document = { route: 'GET /registers/:kind/:id', path, holds: 'personal', account: `account-${at % 40}` };
  const transferId = kind === 'verdict' ? idOf(Math.floor((at / entries) * transfers)) : '';
  return { kind, transferId, actor: `account-${at % 40}`, document };
}
