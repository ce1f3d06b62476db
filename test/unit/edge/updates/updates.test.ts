import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { INSTALL_CHECKS } from '../../../../edge/updates/may-install.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { IMAGE, NIGHT, newDisk, offerOf, PARKED, RUNNING, updateRig } from '../../../support/edge/update-rig.ts';

const states = (reports: readonly { readonly state: string }[]): string[] => reports.map(({ state }) => state);
const ALL = ['offered', 'downloading', 'downloaded', 'verified', 'waiting', 'installing', 'installed'];
const evening = Date.parse('2026-12-01T20:00:00+08:00') as Instant;

describe('a campaign', () => {
  test('is downloaded piece by piece, verified, installed in its window, and every state is reported once', async () => {
    const disk = newDisk();
    const rig = updateRig({ disk });
    await rig.run(offerOf());
    expect(states(rig.reports)).toEqual(ALL);
    expect(rig.asked).toEqual([0, 1]);
    expect(disk.ecu).toEqual({ slots: [RUNNING, 4], confirmed: 1, running: 1 });
    expect(disk.pieces.size).toBe(0);
    expect(rig.announced).toEqual(['begins', 'installed']);
    const steps = rig.reports.map(({ step }) => step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test.each([
    ['of another key', { key: generateKeyPairSync('ed25519').privateKey }, 'signature'],
    ['for another package than the one beside it', { campaign: { packageSha256: new Uint8Array(32) } }, 'malformed'],
    ['whose pieces are not those of its size', { package: { sizeBytes: 5 } }, 'malformed'],
    ['that was given to another vehicle', { device: 'cd'.repeat(16) }, 'vehicle'],
    ['for an ECU that this vehicle has not', { package: { ecu: 'steering' } }, 'ecu'],
    ['with the version that runs', { package: { version: RUNNING } }, 'version'],
    ['with an older version', { package: { version: RUNNING - 1 } }, 'version'],
    ['that has not begun', { campaign: { notBeforeMs: NIGHT + 1 } }, 'not-yet'],
    ['that is over', { campaign: { expiresAtMs: NIGHT } }, 'expired'],
  ] as const)('%s is refused and reported, and nothing is asked for', async (_, change, reason) => {
    const disk = newDisk();
    const rig = updateRig({ disk });
    await rig.run(offerOf(change), 2);
    expect(rig.reports.map((one) => [one.state, one.reason])).toEqual([['refused', reason]]);
    expect([rig.asked, disk.job, disk.ecu.slots[1]]).toEqual([[], undefined, 0]);
  });

  test('for an ECU that does not answer is refused', async () => {
    const rig = updateRig({ isSilent: () => true });
    await rig.run(offerOf(), 2);
    expect(rig.reports.map(({ reason }) => reason)).toEqual(['ecu-silent']);
  });

  test('whose answers are garbled is given up, and nothing was written to an ECU', async () => {
    const disk = newDisk();
    const rig = updateRig({ disk, garble: (_, bytes) => bytes.map((byte) => byte ^ 1) });
    await rig.run(offerOf(), 60);
    expect(rig.reports.at(-1)).toMatchObject({ state: 'failed', reason: 'bytes-differ' });
    expect([disk.ecu.slots[1], disk.pieces.size]).toEqual([0, 0]);
  });

  test('whose pieces are right one by one and not together fails', async () => {
    const rig = updateRig();
    await rig.run(offerOf({ package: { imageSha256: new Uint8Array(32) } }));
    expect(rig.reports.at(-1)).toMatchObject({ state: 'failed', reason: 'bytes-differ' });
  });

  test('that is over while it waits fails', async () => {
    const clock = { now: evening };
    const rig = updateRig({ clock });
    await rig.run(offerOf({ campaign: { expiresAtMs: evening + 600_000 } }), 15);
    expect(states(rig.reports).slice(-2)).toEqual(['waiting', 'failed']);
    expect(rig.reports.at(-1)?.reason).toBe('expired');
  });

  test('is not taken up while another one is under way', async () => {
    const rig = updateRig({ clock: { now: evening } });
    await rig.run(offerOf(), 3);
    await rig.run(offerOf({ campaign: { id: 'O-2' } }), 3);
    expect(states(rig.reports).filter((state) => state === 'offered')).toHaveLength(1);
  });

  test('goes on from the pieces that lie on the disk', async () => {
    const disk = newDisk();
    const first = updateRig({ disk });
    await first.run(offerOf(), 0);
    disk.pieces.set(0, IMAGE.slice(0, 49_152));
    const again = updateRig({ disk });
    await again.run(offerOf());
    expect(again.asked).toEqual([1]);
    expect(again.reports[0]).toMatchObject({ state: 'downloading' });
    expect(again.updates.state()).toBe('installed');
  });
});

describe('an installation', () => {
  const on = (change: object) => ({ ...PARKED, ...change });
  test.each([
    ['on the road', { vehicle: on({ isParked: () => false }) }],
    ['where nobody knows whether it is parked', { vehicle: on({ isParked: () => undefined }) }],
    ['with the ignition on', { vehicle: on({ isIgnitionOff: () => false }) }],
    ['where nobody knows of the ignition', { vehicle: on({ isIgnitionOff: () => undefined }) }],
    ['with little charge', { vehicle: on({ chargePercent: () => 39 }) }],
    ['where nobody knows the charge', { vehicle: on({ chargePercent: () => undefined }) }],
    ['outside of its window', { clock: { now: evening } }],
    ['where the persons in the vehicle want it later', { wants: () => false }],
  ])('waits %s', async (_, setting) => {
    const disk = newDisk();
    const rig = updateRig({ disk, ...setting });
    await rig.run(offerOf(), 20);
    expect(rig.updates.state()).toBe('waiting');
    expect(disk.ecu.slots[1]).toBe(0);
  });

  test('has a window that may go past midnight', () => {
    const window = INSTALL_CHECKS.find(({ obstacle }) => obstacle === 'window');
    const at = (time: string) => Date.parse(`2026-12-01T${time}+08:00`) as Instant;
    const campaign = { windowFromMinute: 1_380, windowUntilMinute: 300 } as Parameters<
      NonNullable<typeof window>['holds']
    >[0];
    const held = ['22:59', '23:00', '00:00', '04:59', '05:00'].map((time) => window?.holds(campaign, PARKED, at(time)));
    expect(held).toEqual([false, true, true, true, false]);
  });

  test('whose new version is not in health goes back, whatever it says later', async () => {
    const disk = newDisk();
    let asked = 0;
    const isHealthy = () => {
      asked += 1;
      return asked > 1;
    };
    const rig = updateRig({ disk, isHealthy });
    await rig.run(offerOf());
    expect(rig.reports.at(-1)).toMatchObject({ state: 'rolled-back', reason: 'health', version: RUNNING });
    expect([disk.ecu.running, disk.ecu.confirmed]).toEqual([0, 0]);
    expect(rig.announced).toEqual(['begins', 'rolled-back']);
  });

  test('does not restart an ECU on the road, not even to go back', async () => {
    const disk = newDisk();
    let isParked = true;
    const isHealthy = () => {
      isParked = false;
      return false;
    };
    const vehicle = { ...PARKED, isParked: () => isParked };
    const rig = updateRig({ disk, vehicle, isHealthy });
    await rig.run(offerOf());
    expect([rig.updates.state(), disk.ecu.running]).toEqual(['installing', 1]);
    isParked = true;
    await rig.run(offerOf(), 3);
    expect([rig.updates.state(), disk.ecu.running]).toEqual(['rolled-back', 0]);
  });

  test('is held against the image again: what was changed while it waited is fetched anew', async () => {
    const disk = newDisk();
    const clock = { now: evening };
    const rig = updateRig({ disk, clock });
    await rig.run(offerOf(), 5);
    disk.pieces.set(1, IMAGE.slice(0, 1_000));
    clock.now = (NIGHT + 86_400_000) as Instant;
    await rig.run(offerOf());
    expect(rig.asked).toEqual([0, 1, 1]);
    expect(rig.updates.state()).toBe('installed');
  });
});
