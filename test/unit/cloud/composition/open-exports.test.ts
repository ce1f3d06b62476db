import { expect, test } from 'vitest';
import { PROCESSOR } from '../../../../bin/up/tour.ts';
import { resumeExports } from '../../../../cloud/emergency/resume-exports.ts';
import { stopExports } from '../../../../cloud/emergency/stop-exports.ts';
import { recordChange } from '../../../../cloud/registers/record-change.ts';
import { assert } from '../../../../proto/words/result.ts';
import { consoleWorld } from '../../../support/cloud/api/console-world.ts';

const row = (account: string) => ({ account, person: `p-${account}`, may: ['resume'], since: '2026-01-01' });

test('by an authority matrix that the log does not have nobody resumes, whatever it says of whom', async () => {
  const { registers, stores, stop, logs } = await consoleWorld();
  const authorities = [row('bob'), row('carol')];
  const securityOfficer = { name: 'Dora', contact: 'ext. 100' };
  const body = { ...PROCESSOR, department: 'Data Security', securityOfficer, authorities };
  const entered = recordChange({ act: 'add', kind: 'processor', body }, 'test', registers.books);
  assert(entered.ok, JSON.stringify(entered));
  expect(stopExports({ reason: 'test', by: 'alice' }, stop.parts).ok).toBe(true);
  // The log told of an error and kept an entry, or somebody wrote into the register: whom it names since, and whom it named before.
  stores.registers.apply(
    { ...entered.value, body: { ...body, authorities: [...authorities, row('mallory')] } },
    logs.operations.head().size,
  );
  for (const by of ['bob', 'carol', 'mallory'])
    expect(resumeExports(by, stop.parts)).toMatchObject({ ok: false, fault: { code: 'APPROVAL_NO_PROFILE' } });
  expect(stop.parts.memory.load()).toMatchObject({ approvals: [] });
  stores.registers.apply(entered.value, logs.operations.head().size);
  expect(resumeExports('bob', stop.parts)).toMatchObject({ value: { state: 'waiting' } });
  expect(resumeExports('carol', stop.parts)).toMatchObject({ value: { state: 'resumed' } });
});
