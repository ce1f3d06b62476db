import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
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
