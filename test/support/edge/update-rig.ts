import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { assignTo, packageOf, sha256, signCampaign, signPackage } from '../../../cloud/updates/sign-update.ts';
import type { Ecus } from '../../../edge/ports/ecus.ts';
import type { ImageFile } from '../../../edge/ports/image-file.ts';
import type { UpdateJob, UpdateStore } from '../../../edge/ports/update-store.ts';
import type { VehicleState } from '../../../edge/updates/may-install.ts';
import { createUpdates, type Updates } from '../../../edge/updates/updates.ts';
import { type EcuMemory, newEcu, startEcu } from '../../../firmware-sim/tcu/ecu.ts';
import { imageOf } from '../../../firmware-sim/tcu/firmware.ts';
import {
  decodeUpdateAsk,
  encodeUpdateDownlink,
  PIECE_BYTES,
  type UpdateCampaign,
  type UpdateOffer,
  type UpdatePackage,
} from '../../../proto/codec/update-codec.ts';
import { HOUR_MS, type Instant } from '../../../proto/words/time.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';
import type { UpdateReport } from '../../../proto/words/update.ts';

export const NIGHT = Date.parse('2026-12-01T02:00:00+08:00') as Instant;
export const DEVICE = 'ab'.repeat(16) as DeviceId;
export const RUNNING = 3;

const { privateKey } = generateKeyPairSync('ed25519');
export const UPDATE_KEY: KeyObject = privateKey;

/** Two pieces, the last of them short. */
const IMAGE_BYTES = PIECE_BYTES + 1_000;
export const IMAGE = imageOf('rig', 'brake', 4, IMAGE_BYTES);

export interface OfferChange {
  readonly package?: Partial<UpdatePackage>;
  readonly campaign?: Partial<UpdateCampaign>;
  readonly device?: string;
  readonly key?: KeyObject;
  readonly image?: Uint8Array;
}

/** An offer that is right, but for what is changed. */
export function offerOf({
  device = DEVICE,
  key = UPDATE_KEY,
  image = IMAGE,
  ...change
}: OfferChange = {}): UpdateOffer {
  const facts = { ecu: 'brake', version: 4, label: '1.4.0', sourceTreeSha256: new Uint8Array(32).fill(7) };
  const of = signPackage({ ...packageOf(facts, image), ...change.package }, key);
  const campaign = signCampaign(
    {
      ...{ id: 'O-1', packageSha256: sha256(of.package), notBeforeMs: NIGHT - HOUR_MS },
      ...{ expiresAtMs: NIGHT + 48 * HOUR_MS, windowFromMinute: 60, windowUntilMinute: 300, chargeMinPercent: 40 },
      ...change.campaign,
    },
    key,
  );
  return { package: of, campaign, assignment: assignTo(device, campaign, key) };
}

/** What a vehicle keeps without power, and how often it was written to. */
export interface Disk {
  job: UpdateJob | undefined;
  readonly pieces: Map<number, Uint8Array>;
  ecu: EcuMemory;
  writes: number;
  /** The write, counted from 1, at which the power goes. */
  cutAt: number;
}

export const newDisk = (): Disk => ({
  ...{ job: undefined, pieces: new Map(), ecu: newEcu(RUNNING), writes: 0 },
  cutAt: Number.POSITIVE_INFINITY,
});

/** The power is gone: nothing that comes after it reaches a disk. */
const powerCut = (): Error => new Error('the power is gone');

export interface UpdateRig {
  readonly updates: Updates;
  readonly reports: UpdateReport[];
  readonly asked: number[];
  readonly announced: string[];
  readonly faults: string[];
  /** Offers, answers what is asked for, and lets minutes go by until nothing moves. */
  readonly run: (offer: UpdateOffer, minutes?: number) => Promise<void>;
}

export interface RigSetting {
  readonly disk?: Disk;
  readonly clock?: { now: Instant };
  readonly vehicle?: VehicleState;
  readonly isHealthy?: () => boolean;
  readonly wants?: () => boolean;
  readonly isSilent?: () => boolean;
  readonly image?: Uint8Array;
  /** Where campaign and image are kept in place of memory. */
  readonly files?: UpdateFiles;
  /** Told of the path of each image that an ECU is handed. */
  readonly onHanded?: (path: string) => void;
  /** What the cloud answers with in place of a piece. */
  readonly garble?: (index: number, bytes: Uint8Array) => Uint8Array;
}

export interface UpdateFiles {
  readonly store: UpdateStore;
  readonly image: ImageFile;
}

export const PARKED: VehicleState = { isParked: () => true, isIgnitionOff: () => true, chargePercent: () => 80 };

export function updateRig(setting: RigSetting = {}): UpdateRig {
  const { disk = newDisk(), clock = { now: NIGHT }, image = IMAGE, garble = (_, bytes) => bytes } = setting;
  const { files = inMemory(disk) } = setting;
  let isOut = false;
  const onDisk = (write: () => void, half: () => void = () => undefined): void => {
    if (isOut) throw powerCut();
    disk.writes += 1;
    if (disk.writes >= disk.cutAt) {
      isOut = true;
      half();
      throw powerCut();
    }
    write();
  };
  const [reports, asked, announced, faults]: [UpdateReport[], number[], string[], string[]] = [[], [], [], []];
  const waiting: Uint8Array[] = [];
  const updates = createUpdates({
    ...{ device: DEVICE, key: createPublicKey(UPDATE_KEY), vehicle: setting.vehicle ?? PARKED },
    clock: { now: () => clock.now },
    ecus: ecusOn(disk, onDisk, announced, setting),
    store: { held: files.store.held, keep: (job) => onDisk(() => files.store.keep(job)) },
    image: imageOn(files.image, onDisk),
    ask: (bytes) => void waiting.push(bytes),
    report: (report) => void reports.push(report),
    onFault: ({ code }) => void faults.push(code),
  });
  updates.connected();
  const answer = async (): Promise<void> => {
    for (let bytes = waiting.shift(); bytes !== undefined; bytes = waiting.shift()) {
      const ask = decodeUpdateAsk(bytes);
      if (!ask.ok) throw new Error('what a vehicle asks can be read');
      asked.push(ask.value.index);
      const from = ask.value.index * PIECE_BYTES;
      const piece = { ...ask.value, bytes: garble(ask.value.index, image.subarray(from, from + PIECE_BYTES)) };
      await updates.take(encodeUpdateDownlink({ kind: 'piece', piece }));
    }
  };
  const run = async (offer: UpdateOffer, minutes = 30): Promise<void> => {
    await updates.take(encodeUpdateDownlink({ kind: 'offer', offer }));
    for (let minute = 0; minute < minutes && !isOut; minute += 1) {
      await updates.tick();
      await answer();
      clock.now = (clock.now + 60_000) as Instant;
    }
  };
  return { updates, reports, asked, announced, faults, run };
}

function inMemory(disk: Disk): UpdateFiles {
  const { pieces } = disk;
  const keep = (job: UpdateJob): void => {
    disk.job = job;
  };
  return {
    store: { held: () => disk.job, keep },
    image: {
      path: '/image',
      read: (index) => pieces.get(index),
      write: (index, bytes) => void pieces.set(index, Uint8Array.from(bytes)),
      settle: () => undefined,
      clear: () => pieces.clear(),
    },
  };
}

function imageOn(image: ImageFile, onDisk: (write: () => void, half?: () => void) => void): ImageFile {
  return {
    ...image,
    // A cut in the middle of a piece leaves a part of it.
    write: (index, bytes) =>
      onDisk(
        () => image.write(index, bytes),
        () => image.write(index, bytes.subarray(0, bytes.length / 2)),
      ),
    clear: () => onDisk(image.clear),
  };
}

function ecusOn(
  disk: Disk,
  onDisk: (write: () => void) => void,
  announced: string[],
  { isHealthy = () => true, wants = () => true, isSilent = () => false, onHanded = () => undefined }: RigSetting,
): Ecus {
  const keep = (memory: EcuMemory): void =>
    onDisk(() => {
      disk.ecu = memory;
    });
  const ecu = startEcu(disk.ecu, keep);
  const done = (act: () => unknown): Promise<boolean> => Promise.resolve(act() !== false);
  return {
    names: ['brake'],
    status: async () => (isSilent() ? undefined : { version: ecu.version(), isConfirmed: ecu.isConfirmed() }),
    announce: async (_ecu, _label, what) => {
      announced.push(what);
      return wants();
    },
    write: (_ecu, image, version) =>
      done(() => {
        onHanded(image.path);
        ecu.beginWrite();
        if (image.read(0, PIECE_BYTES) === undefined) return false;
        ecu.endWrite(version);
        return true;
      }),
    start: () => done(ecu.start),
    check: async () => isHealthy(),
    confirm: () => done(ecu.confirm),
    revert: () => done(ecu.revert),
  };
}
