import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sha256, signStop } from '../../../../cloud/updates/sign-update.ts';
import { startEcu } from '../../../../firmware-sim/tcu/ecu.ts';
import { encodeUpdateDownlink } from '../../../../proto/codec/update-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import {
  DEVICE,
  type Disk,
  NIGHT,
  newDisk,
  offerOf,
  RUNNING,
  UPDATE_KEY,
  updateRig,
} from '../../../support/edge/update-rig.ts';

const OFFER = offerOf();
const EVENING = Date.parse('2026-12-01T20:00:00+08:00') as Instant;

function stopOf(offer = OFFER, key: KeyObject = UPDATE_KEY): Uint8Array {
  const stop = { campaignSha256: sha256(offer.campaign.campaign), signature: signStop(offer.campaign, key) };
  return encodeUpdateDownlink({ kind: 'stop', stop });
}

/** A vehicle that has everything and waits for its window. */
async function waitingRig(disk: Disk = newDisk()) {
  const clock = { now: EVENING };
  const rig = updateRig({ disk, clock });
  await rig.run(OFFER, 4);
  expect(rig.updates.state()).toBe('waiting');
  return { disk, clock, rig };
}

describe('a campaign that is stopped', () => {
  test('is let go by a vehicle that waits for its window: nothing is installed, its image is gone, and persons hear nothing', async () => {
    const { disk, clock, rig } = await waitingRig();
    await rig.updates.take(stopOf());
    clock.now = (NIGHT + 24 * 3_600_000) as Instant;
    await rig.updates.tick();
    expect(rig.reports.at(-1)).toMatchObject({ state: 'failed', reason: 'stopped' });
    expect([disk.ecu.slots[1], disk.pieces.size, rig.announced]).toEqual([0, 0, []]);
  });

  test('and by one in the middle of its download', async () => {
    const rig = updateRig({ clock: { now: EVENING } });
    await rig.updates.take(encodeUpdateDownlink({ kind: 'offer', offer: OFFER }));
    await rig.updates.take(stopOf());
    await rig.updates.tick();
    expect([rig.updates.state(), rig.asked]).toEqual(['failed', []]);
  });

  test('is taken up anew where it is offered again', async () => {
    const { disk, clock, rig } = await waitingRig();
    await rig.updates.take(stopOf());
    clock.now = (NIGHT + 24 * 3_600_000) as Instant;
    await rig.run(OFFER, 6);
    expect([rig.updates.state(), disk.ecu.slots[disk.ecu.running]]).toEqual(['installed', 4]);
    const steps = rig.reports.map(({ step }) => step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test.each([
    ['of another key', stopOf(OFFER, generateKeyPairSync('ed25519').privateKey)],
    ['of another campaign', stopOf(offerOf({ campaign: { id: 'O-2' } }))],
    [
      'under the signature of the campaign',
      encodeUpdateDownlink({
        kind: 'stop',
        stop: { campaignSha256: sha256(OFFER.campaign.campaign), signature: OFFER.campaign.signature },
      }),
    ],
  ])('a stop %s stops nothing', async (_, stop) => {
    const { clock, rig } = await waitingRig();
    await rig.updates.take(stop);
    clock.now = (NIGHT + 24 * 3_600_000) as Instant;
    await rig.run(OFFER, 4);
    expect(rig.updates.state()).toBe('installed');
  });

  test('what was installed stays, and a vehicle without a campaign keeps nothing of it', async () => {
    const disk = newDisk();
    const rig = updateRig({ disk });
    await rig.updates.take(stopOf());
    expect([disk.job, rig.reports]).toEqual([undefined, []]);
    await rig.run(OFFER, 6);
    await rig.updates.take(stopOf());
    expect([rig.updates.state(), DEVICE.length]).toEqual(['installed', 32]);
  });

  test('whatever write the power is cut at, the vehicle ends stopped or installed and with an ECU that starts', async () => {
    const ends = new Set<string>();
    for (let write = 1; ; write += 1) {
      const disk = newDisk();
      disk.cutAt = write;
      await updateRig({ disk }).run(OFFER, 6);
      const wasCut = disk.writes >= write;
      disk.cutAt = Number.POSITIVE_INFINITY;
      startEcu(disk.ecu, (memory) => {
        disk.ecu = memory;
      }).losePower();
      // The first that the vehicle hears when it is there again, and again a cut while it lets go.
      disk.cutAt = disk.writes + 1;
      await updateRig({ disk }).updates.take(stopOf());
      disk.cutAt = Number.POSITIVE_INFINITY;
      const rig = updateRig({ disk });
      await rig.updates.take(stopOf());
      for (let turn = 0; turn < 6; turn += 1) await rig.updates.tick();
      const [state, version] = [disk.job?.state ?? 'none', disk.ecu.slots[disk.ecu.running]];
      ends.add(`${state} ${version}`);
      expect(disk.ecu.running).toBe(disk.ecu.confirmed);
      if (!wasCut) break;
    }
    expect([...ends].sort()).toEqual([`failed ${RUNNING}`, 'installed 4', `none ${RUNNING}`]);
  });
});
