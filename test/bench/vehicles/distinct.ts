import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import { aheadOf, createGateway } from '../../../cloud/gateway.ts';
import { commitGroup } from '../../../cloud/ingest/group-commit.ts';
import type { RegisteredDevice } from '../../../cloud/ports/device-register.ts';
import { redacted } from '../../../proto/words/redacted.ts';
import { assert } from '../../../proto/words/result.ts';
import { DAY_MS } from '../../../proto/words/time.ts';
import { NOW } from '../../support/cloud/batches.ts';
import { openStores } from '../../support/cloud/open-stores.ts';
import { testVin } from '../../support/cloud/vins.ts';
import { benchFrame } from '../ingest/bench-frames.ts';
import { batchOf, forgePayloads } from '../ingest/forge.ts';
import { type KeptKey, keptKeys } from './kept-keys.ts';

/** What a frame costs when so many vehicles are known and send. */
export interface VehiclesFigure {
  readonly vehicles: number;
  /** Of them, those whose frames were measured. */
  readonly senders: number;
  readonly frames: number;
  /** CPU time of all threads, microseconds. */
  readonly cpuUsPerFrame: number;
  readonly framesPerSecond: number;
}

const IN_FLIGHT = 2_048;
/** Vehicles whose first frame is stored in one commit; nobody measures it. */
const FIRST_AT_ONCE = 500;
const START_MS = NOW - DAY_MS;

/**
 * Frames of 300 bytes, one a message, through verification, recheck, classification and durable stores; the network left out.
 * Every case has the same number of frames, of vehicles that lie evenly in the whole fleet, and of each vehicle of the fleet
 * a frame is in the stores before: so only how many vehicles there are differs, and none pays for being new.
 *
 * @param directory - emptied; the keys lie beside it, and are kept
 */
export async function measureVehicles(
  directory: string,
  fleets: readonly number[],
  frames: number,
): Promise<readonly VehiclesFigure[]> {
  const keys = keptKeys(`${directory}-keys`, Math.max(...fleets));
  const figures: VehiclesFigure[] = [];
  for (const vehicles of fleets) {
    const own = join(directory, String(vehicles));
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true });
    const stores = openStores(own, []);
    stores.register.add(
      keys.slice(0, vehicles).map(({ publicKeyPem }, at) => ({ vin: testVin(at + 1), publicKey: publicKeyPem })),
    );
    figures.push({ vehicles, ...(await measure(stores, meet(stores), keys, frames)) });
    stores.close();
    rmSync(own, { recursive: true, force: true });
  }
  return figures;
}

/** Stores the first frame of every vehicle there is, as if it had been admitted. @returns their ids, in the order of their numbers */
function meet(stores: CloudStores): readonly RegisteredDevice['device'][] {
  const met: RegisteredDevice['device'][] = [];
  for (;;) {
    const page = stores.register.page(met.length, FIRST_AT_ONCE);
    if (page.length === 0) return met;
    commitGroup(
      page.map(({ number, device }) => ({
        device: { device, number, vin: redacted(testVin(number)) },
        payload: new Uint8Array(0),
        receivedAt: NOW,
        batch: batchOf(number - 1, 0, [benchFrame('frame', number - 1, 0, START_MS)]),
        rejection: undefined,
      })),
      stores,
    );
    for (const { device, number } of page) {
      assert(number === met.length + 1, 'vehicles are numbered as they come');
      met.push(device);
    }
  }
}

async function measure(
  stores: CloudStores,
  fleet: ReturnType<typeof meet>,
  keys: readonly KeptKey[],
  frames: number,
): Promise<Omit<VehiclesFigure, 'vehicles'>> {
  const senders = Math.min(frames, fleet.length);
  const places = Array.from({ length: senders }, (_, at) => Math.floor((at * fleet.length) / senders));
  const order = {
    size: 'frame',
    framesPerMessage: 1,
    messages: Math.ceil(frames / senders),
    startMs: START_MS,
  } as const;
  const payloads = places.map((place) => {
    const key = keys[place]?.privateKey();
    assert(key !== undefined, 'every vehicle has a key');
    return forgePayloads(key, place, { ...order, sentBefore: 1 });
  });
  const devices = places.map((place) => {
    const id = fleet[place];
    const device = id && stores.register.find(id);
    assert(device !== undefined, 'every vehicle is in the register');
    return device;
  });
  const total = order.messages * senders;
  const gateway = aheadOf(
    createGateway({
      stores,
      clock: { now: () => NOW },
      onDurable: () => undefined,
      onAlert: (_, code) => assert(false, `the load raises no alert, and raised ${code}`),
      onFault: ({ code }) => assert(false, code),
    }),
  );
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await inFlight(total, (at, done) => {
    const device = devices[at % senders];
    const payload = payloads[at % senders]?.[Math.floor(at / senders)];
    assert(device !== undefined && payload !== undefined, 'there is a vehicle and a message');
    gateway.receive(device, payload, (fault) => {
      assert(fault === undefined, 'what is sent is taken');
      done();
    });
  });
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  assert(stores.ledger.totals().framesAdmitted === total + fleet.length, 'every frame was admitted once');
  gateway.flush();
  return { senders, frames: total, cpuUsPerFrame: (user + system) / total, framesPerSecond: total / seconds };
}

function inFlight(total: number, send: (at: number, done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    let next = 0;
    let left = total;
    const more = (): void => {
      if (next >= total) return;
      const at = next;
      next += 1;
      send(at, () => {
        left -= 1;
        if (left === 0) resolve();
        else more();
      });
    };
    for (let index = 0; index < Math.min(IN_FLIGHT, total); index += 1) more();
  });
}
