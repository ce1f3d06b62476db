import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { aheadOf, createGateway } from '../../../cloud/gateway.ts';
import type { Stores } from '../../../cloud/ingest/group-commit.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';
import { NOW } from './batches.ts';
import { type Chance, chanceFrom } from './chance.ts';
import type { KillPoint } from './kill-points.ts';
import { openStores } from './open-stores.ts';

/** What a child is told on its command line, as JSON. */
export interface ChildOrder {
  readonly directory: string;
  readonly deliveries: string;
  /** Indexes that earlier children answered. */
  readonly answered: readonly number[];
  readonly seed: number;
  /** `endless` sends until it is killed; `passes` sends what is not answered once for every line of its input. */
  readonly mode: 'endless' | 'passes';
  /** Kills itself when it has come to a point so many times. */
  readonly killAt?: { readonly point: KillPoint; readonly count: number };
}

/** One payload on file, base64. */
export interface StoredDelivery {
  readonly device: DeviceId;
  readonly payload: string;
}

const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
const deliveries = (JSON.parse(readFileSync(order.deliveries, 'utf8')) as readonly StoredDelivery[]).map((one) => ({
  device: one.device,
  payload: Buffer.from(one.payload, 'base64'),
}));
const stores = openStores(order.directory, []);
const answered = new Set(order.answered);
const chance = chanceFrom(order.seed);
let inFlight = 0;

// A limit on file sizes stands for a full disk; the write then fails as it would there.
process.on('SIGXFSZ', () => undefined);

/** Written at once, so that what the parent reads is what was answered before the kill. */
const tell = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const gateway = aheadOf(
  createGateway({
    stores: mortal(stores, order.killAt),
    clock: { now: () => NOW },
    onDurable: () => undefined,
    onAlert: () => undefined,
    onFault: (fault) => tell(`told ${fault.code}`),
  }),
);

function send(index: number): void {
  const delivery = deliveries[index];
  const device = delivery && stores.register.find(delivery.device);
  if (delivery === undefined || device === undefined) throw new Error('a delivery of a registered device');
  inFlight += 1;
  gateway.receive(device, delivery.payload, (fault) => {
    inFlight -= 1;
    if (fault === undefined) answered.add(index);
    tell(`${fault === undefined ? 'done' : 'fault'} ${index}`);
  });
}

/** What is not answered yet, somewhat out of order; `again` mixes in what was answered before. */
function plan(again: boolean): readonly number[] {
  const pending = deliveries.map((_, index) => index).filter((index) => !answered.has(index));
  const repeats = again ? [...answered].filter(() => chance.below(8) === 0) : [];
  return chance.shuffled([...pending.slice(0, again ? 400 : pending.length), ...repeats.slice(0, 200)]);
}

async function sendAll(indexes: readonly number[], gaps: Chance): Promise<void> {
  for (const index of indexes) {
    send(index);
    if (gaps.below(6) === 0) await turn();
    if (gaps.below(40) === 0) await sleep(gaps.below(6));
    while (inFlight >= IN_FLIGHT_MAX) await sleep(1);
  }
  while (inFlight > 0) await sleep(1);
}

const IN_FLIGHT_MAX = 48;

/** The same stores, with a death at a chosen step of a commit. */
function mortal(whole: Stores, killAt: ChildOrder['killAt']): Stores {
  let left = killAt?.count ?? Number.POSITIVE_INFINITY;
  const pass = (point: KillPoint): void => {
    if (point !== killAt?.point) return;
    left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  };
  const zone = (store: Stores['zones']['personal']): Stores['zones']['personal'] => ({
    ...store,
    insert: (records) => {
      pass('before-zone');
      const added = store.insert(records);
      pass('after-zone');
      return added;
    },
  });
  const { general, personal, geographic, important } = whole.zones;
  return {
    ...whole,
    zones: {
      general: zone(general),
      personal: zone(personal),
      geographic: zone(geographic),
      important: zone(important),
    },
    ledger: {
      ...whole.ledger,
      commit: (commit) => {
        pass('before-ledger');
        whole.ledger.commit(commit);
        pass('after-ledger');
      },
    },
  };
}

tell('ready');
if (order.mode === 'endless') for (;;) await sendAll(plan(true), chance);
for await (const _ of createInterface({ input: process.stdin })) {
  await sendAll(plan(false), chance);
  tell('pass');
}
stores.close();
