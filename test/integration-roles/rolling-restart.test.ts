import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloudStatus } from '../../cloud/status.ts';
import { type DrivenFleet, drivenFleet } from '../support/e2e/driven-fleet.ts';
import type { RoleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry, until } from '../support/e2e/run-dry.ts';

const isWanted = process.env['TONGGUAN_INTEGRATION'] === '1';

describe.skipIf(!isWanted)('a cloud that is restarted while vehicles send (needs `make integration`)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-rolling-'));
  const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  let fleet: DrivenFleet;

  beforeAll(async () => {
    fleet = await drivenFleet(directory, 'rolling');
    open.push(fleet.end);
  });

  afterAll(async () => {
    for (const close of open.reverse()) await close();
  });

  test('asked to stop, and killed: the one that stands by takes over, and every frame is stored once', async () => {
    const { layout, names, edge, sim } = fleet;
    const cloud = (name: string): RoleProcess => fleet.cloud(name, ['--standby']);
    const [first, second] = [cloud('first'), cloud('second')];
    const all = { first, second, edge, sim };
    await first.start();
    await until(all, () => admitted(first) !== undefined);
    await second.start();
    expect(second.status()).toEqual({ role: 'cloud', part: 'all', standing: 'by' });
    await edge.start();
    await sim.start();

    await until(all, () => (admitted(first) ?? 0) > 0);
    await first.stop();
    await until(all, () => (admitted(second) ?? 0) > 0);
    const before = admitted(second) ?? 0;
    await first.start();
    expect(first.status()).toEqual({ role: 'cloud', part: 'all', standing: 'by' });
    await until(all, () => (admitted(second) ?? 0) > before);
    await second.kill();
    await runDry(all, () => admitted(first) ?? 0);
    await first.stop();
    expect([sim, first].flatMap((one) => one.errors())).toEqual([]);
    expectWhole(layout, names);
  }, 300_000);
});

/** Undefined while it stands by. */
const admitted = (one: RoleProcess): number | undefined => one.status<Partial<CloudStatus>>()?.framesAdmitted;
