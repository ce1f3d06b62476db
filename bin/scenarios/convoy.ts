import type { GroupAcknowledgement } from '../../cloud/ingest/sort-out.ts';
import type { RegisteredDevice } from '../../cloud/ports/device-register.ts';
import { createPrng, type Prng } from '../../firmware-sim/prng.ts';
import type { FigureName } from '../../firmware-sim/scenarios/figures.table.ts';
import { type CellularModem, type Coverage, startModem } from '../../firmware-sim/tcu/cellular.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { Mainland } from './mainland.ts';
import { type Outgoing, watchOutgoing } from './outgoing.ts';
import { type EdgeVehicle, startVehicle, type VehicleSetting } from './vehicle.ts';
import type { World } from './world.ts';

/** Vehicles on their way, each with its agent and its link to the mainland. */
export interface Convoy {
  readonly outgoing: Outgoing;
  /** Puts a vehicle on the road; what it is given is `Rider`. */
  readonly join: (setting: VehicleSetting) => Rider;
  /** What every vehicle took out, and what is left in the spools, as figures. */
  readonly count: () => void;
  readonly close: () => void;
}

export interface Rider {
  readonly vehicle: EdgeVehicle;
  readonly device: RegisteredDevice;
  /** Takes a frame at its own time: the world's clock goes with it. */
  readonly take: (frame: RawFrame) => Promise<void>;
  /**
   * Time goes on and nothing is observed; what is due is sealed and sent, once at least: where another vehicle parked until then,
   * time has gone on already. @param isHome - within reach of Wi-Fi
   */
  readonly park: (until: Instant, isHome?: boolean) => Promise<void>;
  /** What its link is over a stretch of road, from here until then. */
  readonly stretch: CellularModem['stretch'];
  /** Seals and sends, over whatever coverage there is, until nothing is waiting. */
  readonly drain: () => Promise<void>;
}

/** What waits is sealed and offered to the link this often. */
const SEND_EVERY_MS = 600_000;
const PARKED_CLOCK_MS = 3_600_000;
/** Longer than any answer over Wi-Fi is on its way. */
const ANSWERED_MS = 1_000;
/** Attempts to send what is left at the end of a scenario. */
const DRAIN_ROUNDS_MAX = 1_000;

export function startConvoy(world: World, mainland: Mainland): Convoy {
  const outgoing = watchOutgoing(world);
  const riders: Rider[] = [];
  return {
    outgoing,
    join: (setting) => {
      const rider = rideAlong({ world, mainland, outgoing }, setting);
      riders.push(rider);
      return rider;
    },
    count: () => countAll(world, mainland, riders),
    close: () => {
      for (const { vehicle } of riders) vehicle.close();
    },
  };
}

interface Around {
  readonly world: World;
  readonly mainland: Mainland;
  readonly outgoing: Outgoing;
}

function rideAlong(around: Around, setting: VehicleSetting): Rider {
  const { world, mainland, outgoing } = around;
  const vehicle = startVehicle(world, setting);
  const device = mainland.enrol(vehicle.vin, vehicle.publicKey);
  const prng = createPrng(`${world.seed}/${vehicle.name}/link`);
  const modem = startModem(prng, world.clock.now());
  const answers: Answer[] = [];
  let sentAt = world.clock.now();
  /** Takes the answers that are there by now. */
  const hear = (): void => {
    while ((answers[0]?.at ?? Number.POSITIVE_INFINITY) <= world.clock.now()) answers.shift()?.tell();
  };
  const send = async (isHome: boolean): Promise<void> => {
    hear();
    sentAt = world.clock.now();
    await vehicle.settle();
    vehicle.seal();
    transmit({ ...around, vehicle, device, prng, answers }, modem, isHome);
  };
  const take = async (frame: RawFrame): Promise<void> => {
    if (frame.kind === 'fix') outgoing.visited(frame);
    world.advance(frame.at);
    hear();
    vehicle.take(frame);
    // A picture is treated in no virtual time: nothing else may have been observed when it comes out.
    if (frame.kind === 'image') await vehicle.settle();
    if (world.clock.now() - sentAt >= SEND_EVERY_MS) await send(false);
  };
  return {
    ...{ vehicle, device, take, stretch: modem.stretch },
    park: async (until, isHome = true) => {
      let at = world.clock.now();
      do {
        at = Math.max(at, Math.min(at + PARKED_CLOCK_MS, until)) as Instant;
        world.advance(at);
        vehicle.take({ kind: 'clock', at });
        await send(isHome);
      } while (at < until);
    },
    drain: async () => {
      for (let round = 0; round < DRAIN_ROUNDS_MAX; round += 1) {
        await send(true);
        world.advance((world.clock.now() + ANSWERED_MS) as Instant);
        hear();
        if (vehicle.waiting().length === 0) return;
      }
    },
  };
}

interface Sending extends Around {
  readonly vehicle: EdgeVehicle;
  readonly device: RegisteredDevice;
  readonly prng: Prng;
  readonly answers: Answer[];
}

/** An acknowledgement on its way back. */
interface Answer {
  readonly at: number;
  readonly tell: () => void;
}

/**
 * Offers each batch once: it may be lost on its way, and so may its acknowledgement, which takes as long as the link is slow,
 * and then it comes again.
 */
function transmit(
  { world, mainland, outgoing, vehicle, device, prng, answers }: Sending,
  modem: CellularModem,
  isHome: boolean,
): void {
  for (const { bytes } of vehicle.waiting()) {
    const { bearer, loss, latencyMs } = modem.at(world.clock.now(), isHome);
    if (prng.chance(loss)) {
      world.add('sends-lost', 1);
      continue;
    }
    world.add(SENT_OVER[bearer], 1);
    outgoing.look(bytes);
    const { acknowledgements } = mainland.receive(device, bytes);
    if (prng.chance(loss)) world.add('sends-lost', 1);
    else answers.push({ at: world.clock.now() + latencyMs, tell: () => acknowledge(vehicle, acknowledgements) });
  }
  answers.sort((one, other) => one.at - other.at);
}

/** Over no bearer nothing is sent. */
const SENT_OVER: Readonly<Record<Coverage['bearer'], FigureName>> = {
  ...{ wifi: 'sent-wifi', home: 'sent-cellular', roaming: 'sent-roaming', none: 'sends-lost' },
};

function acknowledge(vehicle: EdgeVehicle, acknowledgements: readonly GroupAcknowledgement[]): void {
  for (const { epoch, ranges } of acknowledgements)
    for (const { firstSequence, count } of ranges) vehicle.acknowledge(epoch, firstSequence, count);
}

function countAll(world: World, { stores }: Mainland, riders: readonly Rider[]): void {
  const totals = stores.ledger.totals();
  world.set('frames-stored', totals.framesAdmitted);
  world.set('frames-sent-twice', totals.duplicates);
  world.set('frames-quarantined', totals.framesQuarantined);
  world.set('frames-waiting', 0);
  for (const { vehicle } of riders) {
    world.add(
      'frames-waiting',
      vehicle.waiting().reduce((sum, { count }) => sum + count, 0),
    );
    const removed = vehicle.removed();
    for (const [figure, cause] of REMOVALS) world.add(figure, removed[cause] ?? 0);
  }
}

const REMOVALS = [
  ['removed-identifier', 'identifier'],
  ['removed-position', 'position'],
  ['removed-imagery', 'imagery'],
  ['removed-cabin', 'image-cabin'],
  ['removed-mapped-cloud', 'point-cloud-georeferenced'],
  ['refused-lines', 'source-malformed'],
  ['refused-signals', 'signal-not-allowed'],
  ['position-leaps', 'position-invalid'],
  ['times-refused', 'time-in-future'],
  ['times-long-past', 'time-in-past'],
  ['removed-no-consent', 'no-consent'],
  ['removed-purpose-ended', 'purpose-ended'],
  ['removed-cloud', 'point-cloud'],
  ['removed-objects', 'objects'],
] as const;
