import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { updateCampaignFiles } from '../../cloud/adapters/update-campaign-files.ts';
import { createUpdateDistribution, type UpdateDistribution } from '../../cloud/updates/distribution.ts';
import { campaignFiles, packageOf, sha256, signCampaign, signPackage } from '../../cloud/updates/sign-update.ts';
import { imageFile } from '../../edge/adapters/image-file.ts';
import { sqliteUpdates } from '../../edge/adapters/sqlite-updates.ts';
import type { Ecus } from '../../edge/ports/ecus.ts';
import { createUpdates } from '../../edge/updates/updates.ts';
import { newEcu, startEcu } from '../../firmware-sim/tcu/ecu.ts';
import { imageOf } from '../../firmware-sim/tcu/firmware.ts';
import { decodeUpdateAsk, decodeUpdateDownlink, encodeUpdateAsk, PIECE_BYTES } from '../../proto/codec/update-codec.ts';
import { type CivilDate, DAY_MS } from '../../proto/words/time.ts';
import { NOW } from '../support/cloud/batches.ts';
import { CAMPAIGN, ENTRY, PACKAGE, UPDATE_KEYS } from '../support/cloud/campaigns.ts';
import type { ConnectingDevice } from '../support/cloud/certificates.ts';
import { deviceAt } from '../support/cloud/ingress.ts';
import { serveGateway } from '../support/cloud/served.ts';
import { until } from '../support/cloud/until.ts';
import { tempDirectory } from '../support/edge/temp-directory.ts';
import { PARKED } from '../support/edge/update-rig.ts';
import { type CarParts, startCar } from '../support/loss/car.ts';
import { openLink } from '../support/loss/link.ts';

const directory = mkdtempSync(join(tmpdir(), 'tongguan-updates-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const IMAGE = imageOf('downlink', 'brake', 4, 3 * PIECE_BYTES + 10);
const OF = packageOf(PACKAGE, IMAGE);
const RELEASED = {
  ...ENTRY,
  body: {
    ...{
      id: 'O-1',
      packageSha256: Buffer.from(OF.imageSha256).toString('hex'),
      ecus: ['brake'],
      releaseOn: '2026-03-01',
    },
    miitFiling: { at: '2026-02-01T09:00:00+08:00' },
    samrFiling: { at: '2026-02-01T09:00:00+08:00' },
  },
};

let entry: typeof RELEASED | undefined;
let distribution: UpdateDistribution | undefined;
/** Pieces that were asked for, and what happens before one is answered. */
let asked: number[] = [];
let beforeAnswer: (index: number) => void = () => undefined;

const cloud = await serveGateway({
  ...{ directory, devices: 2 },
  updates: (stores) => {
    const made = createUpdateDistribution({
      campaigns: updateCampaignFiles(join(directory, 'campaigns'), UPDATE_KEYS.publicKey, (name) => {
        throw new Error(name);
      }),
      ...{ register: stores.updates, find: () => entry, clock: { now: () => NOW } },
      filingDueOn: () => '2026-02-20' as CivilDate,
    });
    distribution = made;
    const answer: UpdateDistribution['answer'] = (device, bytes) => {
      const ask = decodeUpdateAsk(bytes);
      if (ask.ok) {
        asked.push(ask.value.index);
        beforeAnswer(ask.value.index);
      }
      return made.answer(device, bytes);
    };
    return { offerFor: made.offerFor, stopsFor: made.stopsFor, answer };
  },
});

/** Writes a campaign for one vehicle, all day long, and gives its name in reports. */
function campaignFor(id: string, { registered }: ConnectingDevice): Uint8Array {
  const { privateKey: key } = UPDATE_KEYS;
  const of = signPackage(OF, key);
  const change = { id, packageSha256: sha256(of.package), notBeforeMs: NOW - DAY_MS, windowUntilMinute: 60 };
  const campaign = signCampaign({ ...CAMPAIGN, ...change }, key);
  mkdirSync(join(directory, 'campaigns', id), { recursive: true });
  for (const [name, bytes] of Object.entries(campaignFiles({ of, campaign, image: IMAGE }, [registered.device], key)))
    writeFileSync(join(directory, 'campaigns', id, name), bytes);
  return sha256(campaign.campaign);
}

/** A control unit in memory that is in health whatever runs on it; image and campaign lie in files as on a vehicle. */
function updatesOf({ registered }: ConnectingDevice, ecu = startEcu(newEcu(3))) {
  const done = async (act: () => unknown): Promise<boolean> => act() !== false;
  const ecus: Ecus = {
    ...{ names: ['brake'], announce: async () => true, check: async () => true },
    status: async () => ({ version: ecu.version(), isConfirmed: ecu.isConfirmed() }),
    write: (_ecu, _image, version) => done(() => ecu.endWrite(version)),
    ...{ start: () => done(ecu.start), confirm: () => done(ecu.confirm), revert: () => done(ecu.revert) },
  };
  return ({ agent, database, clock, uplink }: CarParts) => {
    clock.now = NOW;
    return createUpdates({
      ...{ device: registered.device, key: UPDATE_KEYS.publicKey, ecus, vehicle: PARKED, report: agent.report },
      ...{ clock: { now: () => clock.now }, store: sqliteUpdates(database) },
      image: imageFile(join(tempDirectory(), 'agent.db.image'), PIECE_BYTES),
      ask: (bytes) => uplink()?.ask?.(bytes),
      onFault: ({ problem }) => {
        throw new Error(problem.en);
      },
    });
  };
}

function kindOf(message: Uint8Array): string {
  const decoded = decodeUpdateDownlink(message);
  return decoded.ok ? decoded.value.kind : 'neither';
}

const counts = (name: Uint8Array) => cloud.stores.updates.counts(Buffer.from(name).toString('hex'));

test('a vehicle that listens is offered a campaign, fetches it piece by piece over a connection that is cut, and reports', async () => {
  const by = deviceAt(cloud, 0);
  const name = campaignFor('O-1', by);
  expect(distribution?.look()).toBe(false);
  entry = RELEASED;
  expect(distribution?.look()).toBe(true);
  const link = await openLink(cloud.port);
  beforeAnswer = (index) => {
    if (index === 2 && link.made() === 1) link.cut();
  };
  const car = startCar(by, link.url, cloud.authority, {}, updatesOf(by));
  await until(() => counts(name).some(({ state }) => state === 'installed'));
  expect(counts(name)).toEqual([{ state: 'installed', reason: 'none', vehicles: 1 }]);
  // The piece that was lost, and none of those before it, is asked for again.
  expect([asked, link.made()]).toEqual([[0, 1, 2, 2, 3], 2]);
  expect([car.faults, cloud.refusals, cloud.alerts]).toEqual([[], [], []]);
});

test('a vehicle that a campaign was not given to hears nothing of it, one that it is given to later does while it listens, and neither does once the entry falls', async () => {
  const [by, given] = [deviceAt(cloud, 1), deviceAt(cloud, 0)];
  const campaignSha256 = campaignFor('O-2', given);
  entry = RELEASED;
  distribution?.look();
  [asked, beforeAnswer] = [[], () => undefined];
  const heard: Uint8Array[] = [];
  const car = startCar(by, cloud.url, cloud.authority, {}, (parts) => {
    const updates = updatesOf(by)(parts);
    return { ...updates, take: async (message) => void heard.push(message) };
  });
  await until(() => car.drain.isConnected());
  const askAndWait = async (): Promise<void> => {
    car.uplink().ask?.(encodeUpdateAsk({ campaignSha256, index: 0 }));
    // On one connection what was asked first is dealt with first.
    car.drive(5);
    await until(() => car.spools.status().framesWaiting === 0);
  };
  await askAndWait();
  campaignFor('O-2', by);
  expect([distribution?.look(), heard]).toEqual([false, []]);
  cloud.offerUpdates();
  await askAndWait();
  entry = undefined;
  distribution?.look();
  cloud.offerUpdates();
  await askAndWait();
  expect([asked, heard.map((bytes) => kindOf(bytes)), cloud.refusals]).toEqual([[0, 0, 0], ['offer', 'piece'], []]);
});
