import { describe, expect, test } from 'vitest';
import { startEcu } from '../../../../firmware-sim/tcu/ecu.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { type Disk, NIGHT, newDisk, offerOf, RUNNING, updateRig } from '../../../support/edge/update-rig.ts';

const OFFER = offerOf();
/** Enough for what is not put off. */
const MINUTES = 6;

/** Plays a campaign with the power cut at one write; gives false once it has fewer writes than that. */
async function cutAt(disk: Disk, write: number, isHealthy: boolean): Promise<boolean> {
  disk.cutAt = disk.writes + write;
  const before = disk.writes;
  await updateRig({ disk, isHealthy: () => isHealthy }).run(OFFER, MINUTES);
  disk.cutAt = Number.POSITIVE_INFINITY;
  return disk.writes - before >= write;
}

/** What has to hold at any moment: the ECU can be started, with a version that was whole when it was started. */
function expectBootable({ ecu: { slots, running, confirmed } }: Disk): void {
  expect(slots[running]).toBeGreaterThanOrEqual(RUNNING);
  expect(slots[confirmed]).toBeGreaterThanOrEqual(RUNNING);
}

function losePower(disk: Disk): void {
  startEcu(disk.ecu, (memory) => {
    disk.ecu = memory;
  }).losePower();
}

describe('a power cut at every write of a campaign', () => {
  test.each([
    ['that succeeds, of the TCU alone', true, false, 'installed', 4],
    ['that succeeds, of ECU and TCU', true, true, 'installed', 4],
    ['that goes back, of the TCU alone', false, false, 'rolled-back', RUNNING],
    ['that goes back, of ECU and TCU', false, true, 'rolled-back', RUNNING],
  ] as const)(
    '%s, leaves an ECU that starts, and the campaign ends as it would have',
    async (_, isHealthy, isWide, end, version) => {
      let writes = 0;
      for (;;) {
        const disk = newDisk();
        const wasCut = await cutAt(disk, writes + 1, isHealthy);
        expectBootable(disk);
        if (!wasCut) break;
        writes += 1;
        if (isWide) losePower(disk);
        expectBootable(disk);
        const rig = updateRig({ disk, clock: { now: (NIGHT + 600_000) as Instant }, isHealthy: () => isHealthy });
        await rig.run(OFFER, MINUTES);
        expect([writes, rig.updates.state()]).toEqual([writes, end]);
        expect(disk.ecu.slots[disk.ecu.running]).toBe(version);
        expect(disk.ecu.running).toBe(disk.ecu.confirmed);
        expect(rig.reports.at(-1)?.state).toBe(end);
      }
      expect(writes).toBeGreaterThan(12);
    },
  );

  test('cut again and again the campaign is given up, and the ECU runs what it ran', async () => {
    const disk = newDisk();
    await updateRig({ disk, wants: () => false }).run(OFFER, 4);
    expect(disk.job?.state).toBe('waiting');
    for (let cut = 0; cut < 40 && disk.job?.state !== 'failed'; cut += 1) {
      await cutAt(disk, 3, true);
      losePower(disk);
      expectBootable(disk);
    }
    await updateRig({ disk }).run(OFFER, MINUTES);
    expect(disk.job).toMatchObject({ state: 'failed', reason: 'install' });
    expect(disk.ecu.slots[disk.ecu.running]).toBe(RUNNING);
  });
});
