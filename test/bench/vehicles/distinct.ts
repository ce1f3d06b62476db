import { mkdirSync, rmSync } from 'node:fs';
import { aheadOf, createGateway } from '../../../cloud/gateway.ts';
import { assert } from '../../../proto/words/result.ts';
import { DAY_MS } from '../../../proto/words/time.ts';
import { NOW } from '../../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../../support/cloud/devices.ts';
import { openStores } from '../../support/cloud/open-stores.ts';
import { forgePayloads } from '../ingest/forge.ts';

/** What a frame costs when so many vehicles send in turn. */
export interface VehiclesFigure {
  readonly vehicles: number;
  readonly frames: number;
  /** CPU time of all threads, microseconds. */
  readonly cpuUsPerFrame: number;
  readonly framesPerSecond: number;
}

const IN_FLIGHT = 2_048;

/**
 * Frames of 300 bytes, one a message, through verification, recheck, classification and durable stores; the network left out.
 * Every case has the same number of frames, so that only how many vehicles they come from differs.
 */
export async function measureVehicles(
  directory: string,
  fleets: readonly number[],
  frames: number,
): Promise<readonly VehiclesFigure[]> {
  const most = Math.max(...fleets);
  const devices = Array.from({ length: most }, (_, index) => testDevice(index + 1));
  const figures: VehiclesFigure[] = [];
  for (const vehicles of fleets) figures.push(await measure(directory, devices.slice(0, vehicles), frames));
  return figures;
}

async function measure(directory: string, devices: readonly TestDevice[], frames: number): Promise<VehiclesFigure> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const stores = openStores(directory, devices);
  const gateway = aheadOf(
    createGateway({
      stores,
      clock: { now: () => NOW },
      onDurable: () => undefined,
      onAlert: (_, code) => assert(false, `the load raises no alert, and raised ${code}`),
      onFault: ({ code }) => assert(false, code),
    }),
  );
  const each = Math.ceil(frames / devices.length);
  const order = { size: 'frame', framesPerMessage: 1, messages: each, startMs: NOW - DAY_MS } as const;
  const payloads = devices.map((device, number) => forgePayloads(device.key, number, order));
  const registered = devices.map(({ registered: one }) => stores.register.find(one.device) ?? one);
  const total = each * devices.length;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await inFlight(total, (at, done) => {
    const number = at % devices.length;
    const device = registered[number];
    const payload = payloads[number]?.[Math.floor(at / devices.length)];
    assert(device !== undefined && payload !== undefined, 'there is a vehicle and a message');
    gateway.receive(device, payload, (fault) => {
      assert(fault === undefined, 'what is sent is taken');
      done();
    });
  });
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  assert(stores.ledger.totals().framesAdmitted === total, 'every frame was admitted once');
  gateway.flush();
  stores.close();
  rmSync(directory, { recursive: true, force: true });
  return {
    vehicles: devices.length,
    frames: total,
    cpuUsPerFrame: (user + system) / total,
    framesPerSecond: total / seconds,
  };
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
