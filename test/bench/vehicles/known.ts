import { mkdirSync, rmSync } from 'node:fs';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import { aheadOf, createGateway, type Gateway } from '../../../cloud/gateway.ts';
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
import { keptKeys } from './kept-keys.ts';

/** A cloud that knows so many vehicles, a process of its own with the engine's settings of `tongguan cloud`. */
export interface KnownOrder {
  /** Emptied. */
  readonly directory: string;
  readonly keys: string;
  readonly vehicles: number;
  /** Frames of a round, and rounds that will be asked for. */
  readonly frames: number;
  readonly rounds: number;
}

/** One round of frames. */
export interface RoundReport {
  readonly senders: number;
  readonly frames: number;
  /** CPU time of all threads, microseconds. */
  readonly cpuUs: number;
  readonly seconds: number;
}

/** No more than the smallest fleet has vehicles: two frames of one vehicle in a group would share a seal, and cost less by that alone. */
const IN_FLIGHT = 1_000;
/** Vehicles whose first frame is stored in one commit; nobody measures it. */
const FIRST_AT_ONCE = 500;
const START_MS = NOW - DAY_MS;

process.once('message', (order: KnownOrder) => {
  const sending = prepare(order);
  process.send?.('ready');
  process.on('message', (what: 'round' | 'stop') => {
    if (what === 'stop') process.exit(sending.end());
    void sending.round().then((report) => process.send?.(report));
  });
});
process.on('disconnect', () => process.exit(0));

interface Sending {
  readonly round: () => Promise<RoundReport>;
  readonly end: () => 0;
}

function prepare({ directory, keys: kept, vehicles, frames, rounds }: KnownOrder): Sending {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const stores = openStores(directory, []);
  const keys = keptKeys(kept, vehicles);
  stores.register.add(keys.map(({ publicKeyPem }, at) => ({ vin: testVin(at + 1), publicKey: publicKeyPem })));
  const fleet = meet(stores);
  const senders = Math.min(frames, fleet.length);
  const places = Array.from({ length: senders }, (_, at) => Math.floor((at * fleet.length) / senders));
  const each = Math.ceil(frames / senders);
  const order = { size: 'frame', framesPerMessage: 1, messages: each * rounds, startMs: START_MS } as const;
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
  const gateway = gatewayOf(stores);
  let sent = 0;
  return {
    round: async () => {
      const total = each * senders;
      const report = await measured(total, senders, (at, done) => {
        const device = devices[at % senders];
        const payload = payloads[at % senders]?.[Math.floor((sent + at) / senders)];
        assert(device !== undefined && payload !== undefined, 'there is a vehicle and a message');
        gateway.receive(device, payload, (fault) => {
          assert(fault === undefined, 'what is sent is taken');
          done();
        });
      });
      sent += total;
      assert(stores.ledger.totals().framesAdmitted === sent + fleet.length, 'every frame was admitted once');
      return report;
    },
    end: () => {
      gateway.flush();
      stores.close();
      rmSync(directory, { recursive: true, force: true });
      return 0;
    },
  };
}

function gatewayOf(stores: CloudStores): Gateway {
  return aheadOf(
    createGateway({
      stores,
      clock: { now: () => NOW },
      onDurable: () => undefined,
      onAlert: (_, code) => assert(false, `the load raises no alert, and raised ${code}`),
      onFault: ({ code }) => assert(false, code),
    }),
  );
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

async function measured(frames: number, senders: number, send: Send): Promise<RoundReport> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await inFlight(frames, send);
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { senders, frames, cpuUs: user + system, seconds };
}

type Send = (at: number, done: () => void) => void;

function inFlight(total: number, send: Send): Promise<void> {
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
