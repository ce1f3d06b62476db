import { createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { RegisteredDevice } from '../../cloud/ports/device-register.ts';
import type { UpdateDistribution } from '../../cloud/updates/distribution.ts';
import { imageFile } from '../../edge/adapters/image-file.ts';
import { openAgentDatabase } from '../../edge/adapters/sqlite-state.ts';
import { sqliteUpdates } from '../../edge/adapters/sqlite-updates.ts';
import type { Ecus } from '../../edge/ports/ecus.ts';
import { OFFER_CHECKS } from '../../edge/updates/accept-offer.ts';
import { INSTALL_CHECKS } from '../../edge/updates/may-install.ts';
import { createUpdates } from '../../edge/updates/updates.ts';
import { learnState } from '../../edge/updates/vehicle-state.ts';
import { createPrng } from '../../firmware-sim/prng.ts';
import { type Ecu, newEcu, startEcu } from '../../firmware-sim/tcu/ecu.ts';
import { PIECE_BYTES } from '../../proto/codec/update-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { UpdateState } from '../../proto/words/update.ts';
import type { Mainland } from './mainland.ts';
import type { EdgeVehicle } from './vehicle.ts';
import type { World } from './world.ts';

/** A vehicle that takes part in campaigns, with one simulated ECU behind its agent. */
export interface UpdatingVehicle {
  readonly ecu: Ecu;
  /** Lets minutes go by; what the vehicle asks is answered, but for what is lost on its way. */
  readonly live: (minutes: number, doing: 'parked' | 'driving') => Promise<void>;
  /** Puts a message on its downlink, whoever it is from. */
  readonly hear: (message: Uint8Array) => Promise<void>;
  /** Cuts the power of TCU and ECU. */
  readonly cutPower: () => void;
  readonly state: () => UpdateState | undefined;
  readonly close: () => void;
}

export interface UpdatingSetting {
  readonly vehicle: EdgeVehicle;
  readonly device: RegisteredDevice;
  readonly mainland: Mainland;
  readonly distribution?: UpdateDistribution;
  readonly updateKey: KeyObject;
  readonly name: string;
  readonly running: number;
  /** Whether what the ECU runs is in health. */
  readonly isHealthy?: (version: number) => boolean;
}

const MINUTE_MS = 60_000;
/** Share of questions and answers that are lost. */
const LOSS = 0.2;
/** Questions of one minute. */
const ASKS_MAX = 64;

export function startUpdating(world: World, setting: UpdatingSetting): UpdatingVehicle {
  const { vehicle, device, mainland, distribution } = setting;
  const prng = createPrng(`${world.seed}/${vehicle.name}/updates`);
  const state = learnState(world.clock);
  let doing: 'parked' | 'driving' = 'parked';
  const ecu = startEcu(newEcu(setting.running));
  const asked: Uint8Array[] = [];
  const boot = () => bootUpdates(world, setting, { ecu, state, asked, isDriving: () => doing === 'driving' });
  let up = boot();
  const say = (): void => {
    const signals = {
      'Vehicle.IsMoving': doing === 'driving',
      'Vehicle.LowVoltageSystemState': doing === 'driving' ? 'ON' : 'OFF',
      'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': 70,
    };
    state.take({ kind: 'signals', at: world.clock.now(), signals });
  };
  const connect = async (): Promise<void> => {
    for (const stop of distribution?.stopsFor(device) ?? []) await up.updates.take(stop);
    const offer = distribution?.offerFor(device);
    if (offer !== undefined) await up.updates.take(offer);
  };
  const answer = async (): Promise<void> => {
    for (let count = 0; count < ASKS_MAX; count += 1) {
      const ask = asked.shift();
      if (ask === undefined) return;
      const piece = prng.chance(LOSS) ? undefined : distribution?.answer(device, ask);
      if (piece !== undefined) await up.updates.take(piece);
    }
  };
  return {
    ecu,
    live: async (minutes, does) => {
      doing = does;
      say();
      await connect();
      for (let minute = 0; minute < minutes; minute += 1) {
        if (minute % SAID_EVERY_MIN === 0) say();
        await up.updates.tick();
        await answer();
        world.advance((world.clock.now() + MINUTE_MS) as Instant);
      }
      send(vehicle, device, mainland);
    },
    hear: (message) => up.updates.take(message),
    cutPower: () => {
      world.add('update-power-cuts', 1);
      up.close();
      ecu.losePower();
      vehicle.cutPower();
      asked.length = 0;
      up = boot();
    },
    state: () => up.updates.state(),
    close: () => up.close(),
  };
}

/** A parked vehicle wakes up this often and says how it is, minutes. */
const SAID_EVERY_MIN = 5;

interface Aboard {
  readonly ecu: Ecu;
  readonly state: ReturnType<typeof learnState>;
  readonly asked: Uint8Array[];
  readonly isDriving: () => boolean;
}

function bootUpdates(world: World, setting: UpdatingSetting, aboard: Aboard) {
  const { vehicle, device, updateKey } = setting;
  const database = openAgentDatabase(join(world.directory, `${vehicle.name}-updates.sqlite`));
  const updates = createUpdates({
    ...{ device: device.device, key: createPublicKey(updateKey), vehicle: aboard.state, clock: world.clock },
    ecus: ecusOf(world, setting, aboard),
    store: sqliteUpdates(database),
    image: imageFile(join(world.directory, `${vehicle.name}.image`), PIECE_BYTES),
    ask: (bytes) => void aboard.asked.push(bytes),
    report: (report) => {
      world.note(`${report.state} ${report.reason} ${report.version}`);
      vehicle.report(report);
    },
    onFault: ({ problem }) => world.tell(problem.en, problem.zh),
    offerChecks: OFFER_CHECKS.filter(({ reason }) => !world.isOff(`updates.${reason}`)),
    installChecks: INSTALL_CHECKS.filter(({ obstacle }) => !isCheckOff(world, obstacle)),
  });
  updates.connected();
  return { updates, close: () => database.close() };
}

/** Whoever drives has the ignition on: the two are switched off together. */
const isCheckOff = (world: World, obstacle: string): boolean =>
  world.isOff(`updates.${obstacle === 'ignition' ? 'parked' : obstacle}`);

function ecusOf(world: World, { name, isHealthy = () => true }: UpdatingSetting, { ecu, isDriving }: Aboard): Ecus {
  const restart = (act: () => boolean | undefined): Promise<boolean> => {
    if (isDriving() || !isNight(world)) world.add('restarts-at-risk', 1);
    return Promise.resolve(act() !== false);
  };
  return {
    names: [name],
    status: async () => ({ version: ecu.version(), isConfirmed: ecu.isConfirmed() }),
    announce: async () => true,
    write: async (_ecu, _image, version) => {
      ecu.beginWrite();
      ecu.endWrite(version);
      return true;
    },
    start: () => restart(ecu.start),
    // Without it whatever was started stays.
    check: async () => world.isOff('updates.health') || isHealthy(ecu.version()),
    confirm: async () => {
      ecu.confirm();
      return true;
    },
    revert: () => restart(() => void ecu.revert()),
  };
}

/** Between one and five, where campaigns of scenarios have their window. */
export const WINDOW = { windowFromMinute: 60, windowUntilMinute: 300 } as const;

function isNight({ clock }: World): boolean {
  const hour = new Date(clock.now() + 8 * 3_600_000).getUTCHours();
  return hour >= 1 && hour < 5;
}

function send(vehicle: EdgeVehicle, device: RegisteredDevice, mainland: Mainland): void {
  vehicle.seal();
  for (const { bytes } of vehicle.waiting())
    for (const { epoch, ranges } of mainland.receive(device, bytes).acknowledgements)
      for (const { firstSequence, count } of ranges) vehicle.acknowledge(epoch, firstSequence, count);
}
