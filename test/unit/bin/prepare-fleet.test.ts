import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layoutOf } from '../../../bin/up/layout.ts';
import { beginFleet, prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { quietSurroundings } from '../../support/quiet-surroundings.ts';

test('a second start goes on with drives that are counted back from the first', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tongguan-fleet-'));
  const first = Date.UTC(2026, 10, 22) as Instant;
  const prepareAt = (now: Instant) => {
    const around = { ...quietSurroundings(), clock: { now: () => now } };
    return prepareFleet(layoutOf(root), { vehicles: 1, seed: 'twice', traces: [] }, around);
  };
  try {
    const begun = { ok: true, value: { names: ['v0001'], begunAt: first } };
    expect(await prepareAt(first)).toEqual(begun);
    expect(await prepareAt((first + 3_600_000) as Instant)).toEqual(begun);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('the first vehicles are enrolled before the others; only with the last the directory is whole', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tongguan-fleet-'));
  const layout = layoutOf(root);
  const hasKey = (name: string): boolean => existsSync(layout.vehicle(name, 'device.key'));
  try {
    const begun = await beginFleet(layout, { vehicles: 3, seed: 'few', traces: [] }, quietSurroundings());
    assert(begun.ok, 'the directory can be written');
    const { names, enrol } = begun.value;
    expect(await enrol(1)).toEqual({ ok: true, value: undefined });
    expect([names.map(hasKey), existsSync(layout.state)]).toEqual([[true, false, false], false]);
    expect(await enrol(3)).toEqual({ ok: true, value: undefined });
    expect([names.map(hasKey), existsSync(layout.state)]).toEqual([[true, true, true], true]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
