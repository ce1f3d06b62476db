import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import type { CountRequest } from '../../../../cloud/ports/transfer-register.ts';
import { type CivilDate, type Instant, startOfDay } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const digestOf = (person: number): Uint8Array => createHash('md5').update(String(person)).digest();
const noon = (day: string): Instant => (startOfDay(day as CivilDate) + 43_200_000) as Instant;
const digests = (persons: readonly number[]): CountRequest['persons'] => persons.map(digestOf);

interface Sent {
  readonly day: string;
  readonly datasetId: string;
  readonly persons: readonly number[];
  readonly isSensitive: boolean;
  readonly bytes: number;
}

function shelf(directory = scratchDirectory()) {
  const register = sqliteTransferRegister(join(directory, 'transfers.sqlite'));
  const send = (transferId: string, { day, datasetId, persons, isSensitive, bytes }: Sent): void => {
    const requestedAt = noon(day);
    const row = { transferId, requestedAt, datasetId, recipientId: 'lab', purpose: 'warranty', persons: 0 };
    register.add({ ...row, state: 'requested' });
    const plain = digests(persons);
    const held = isSensitive ? { plain, sensitive: plain } : { plain };
    register.permit(
      transferId,
      { year: 2026, route: 'security-assessment', isExempt: false, bytes, persons: held },
      register.counted(),
    );
  };
  return { directory, register, send };
}

const SCOPE = {
  datasets: ['battery'],
  recipients: ['lab'],
  purposes: ['warranty'],
  since: startOfDay('2026-03-02' as CivilDate),
};

const sent = fc.record({
  day: fc.constantFrom('2026-03-01', '2026-03-02', '2026-04-05'),
  datasetId: fc.constantFrom('battery', 'battery', 'other'),
  persons: fc.uniqueArray(fc.nat(20), { maxLength: 6 }),
  isSensitive: fc.boolean(),
  bytes: fc.nat(1_000),
  asked: fc.boolean(),
  isReleased: fc.boolean(),
});

test('what was counted under an approval is what a naive list says, before and after a restart', () => {
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 6 }), fc.uniqueArray(fc.nat(25), { maxLength: 5 }), (steps, hand) => {
      const one = shelf();
      const standing: Sent[] = [];
      for (const [at, step] of steps.entries()) {
        // A scope that was asked for is kept along from then on.
        if (step.asked) one.register.under(SCOPE, []);
        one.send(`t${at}`, step);
        one.register.close(
          `t${at}`,
          step.isReleased ? 'failed' : 'delivered',
          step.isReleased ? 'released' : 'counted',
        );
        if (!step.isReleased) standing.push(step);
      }
      const inScope = standing.filter(({ day, datasetId }) => datasetId === 'battery' && day >= '2026-03-02');
      const persons = new Set(inScope.flatMap((each) => each.persons));
      const expected = {
        before: persons.size,
        projected: new Set([...persons, ...hand]).size,
        bytes: inScope.reduce((all, { bytes }) => all + bytes, 0),
      };
      expect(one.register.under(SCOPE, digests(hand))).toEqual(expected);
      one.register.shut();
      const again = shelf(one.directory).register;
      expect(again.under(SCOPE, digests(hand))).toEqual(expected);
      again.shut();
    }),
    { numRuns: 40 },
  );
});

test('a transfer that is decided anew does not stand beside itself', () => {
  const { register, send } = shelf();
  onTestFinished(() => register.shut());
  send('a', { day: '2026-03-05', datasetId: 'battery', persons: [1, 2], isSensitive: true, bytes: 10 });
  send('b', { day: '2026-03-06', datasetId: 'battery', persons: [2, 3], isSensitive: false, bytes: 5 });
  expect(register.under(SCOPE, digests([1, 2]), 'a')).toEqual({ before: 2, projected: 3, bytes: 5 });
  expect(register.under(SCOPE, digests([1, 2]))).toEqual({ before: 3, projected: 3, bytes: 15 });
});

test('days on which persons were counted for the first time of the year, of each kind', () => {
  const { register, send } = shelf();
  onTestFinished(() => register.shut());
  send('b', { day: '2026-03-06', datasetId: 'battery', persons: [2, 3], isSensitive: true, bytes: 5 });
  send('a', { day: '2026-03-05', datasetId: 'battery', persons: [1, 2], isSensitive: false, bytes: 10 });
  expect(register.countedDays(2026, 'all')).toEqual([
    { on: '2026-03-05', persons: 2, sensitivePersons: 0 },
    { on: '2026-03-06', persons: 1, sensitivePersons: 2 },
  ]);
  expect(register.countedDays(2027, 'all')).toEqual([]);
});
