import { cpSync } from 'node:fs';
import { type IngestStores, openIngestStores } from '../../cloud/composition/open-ingest-stores.ts';
import { createGateway, type Gateway } from '../../cloud/gateway.ts';
import type { Stores } from '../../cloud/ingest/group-commit.ts';
import { createSensorRates } from '../../cloud/ingest/sensor-rates.ts';
import type { GroupAcknowledgement } from '../../cloud/ingest/sort-out.ts';
import { createTrustKeeper } from '../../cloud/ingest/trust-keeper.ts';
import { zoneFile } from '../../cloud/store-names.ts';
import { encodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { TestDevice } from '../support/cloud/devices.ts';
import { storeKeys } from '../support/cloud/open-stores.ts';
import { createDisk, type Disk } from './disk.ts';
import { createMachineClock, type MachineClock } from './machine-clock.ts';
import type { World } from './world.ts';

export interface Cloud {
  readonly disk: Disk;
  readonly clock: MachineClock;
  readonly isUp: () => boolean;
  readonly receive: (device: TestDevice, payload: Uint8Array) => void;
  /** Of the process that runs. @throws when none does */
  readonly stores: () => IngestStores;
  readonly publish: (bundle: Uint8Array) => void;
  readonly newest: () => Uint8Array | undefined;
  readonly starts: () => number;
  readonly faults: readonly string[];
  /** Ends the process in good order; gives its stores to who may read all of them. */
  readonly close: () => IngestStores;
}

export interface CloudParts {
  readonly world: World;
  readonly directory: string;
  /** An installation with devices in its register, to begin with. */
  readonly template: string;
  readonly tell: (device: DeviceId, acknowledgement: Uint8Array) => void;
  readonly onDown: () => void;
  readonly onStart: (stores: IngestStores) => void;
}

interface Running {
  readonly stores: IngestStores;
  readonly gateway: Gateway;
}

/** The cloud's way of a frame on real stores: admission, recheck, trust, group commit. */
export function createCloud({ world, directory, template, tell, onDown, onStart }: CloudParts): Cloud {
  const faults: string[] = [];
  let newest: Uint8Array | undefined;
  let starts = 0;
  const clock = createMachineClock(world);
  const disk = createDisk(directory, world, () => {
    running = undefined;
    onDown();
    world.later(world.between(1_000, 30_000), () => {
      disk.revive();
      running = start();
      world.note(`cloud starts, ${running.stores.ledger.totals().framesAdmitted} frames admitted`);
      onStart(running.stores);
    });
  });
  cpSync(template, disk.at(), { recursive: true });
  let running: Running | undefined = start();

  function start(): Running {
    starts += 1;
    const stores = openIngestStores(disk.at(), storeKeys(disk.at(), { clock, read: [] }));
    const own: Running = { stores, gateway: gatewayOn(stores, (told) => running === own && onDurable(told)) };
    return own;
  }

  function gatewayOn(stores: IngestStores, onDurable: (told: GroupAcknowledgement) => void): Gateway {
    return createGateway({
      stores: mortalStores(stores, disk),
      clock,
      later: world.later,
      trust: createTrustKeeper(disk.mortal(stores.register, 'devices.sqlite', ['countMismatch', 'lower']), clock),
      against: { policies: stores.policies, rates: createSensorRates(100) },
      onDurable,
      onAlert: (_device, code) => world.note(`alert ${code}`),
      onFault: ({ code }) => void faults.push(code),
    });
  }

  function onDurable({ device, epoch, ranges }: GroupAcknowledgement): void {
    tell(device.device, encodeAcknowledgement({ epoch, ranges }));
  }

  const live = (): Running => {
    if (running === undefined) throw new Error('the cloud does not run');
    return running;
  };
  return {
    disk,
    clock,
    isUp: () => running !== undefined,
    receive: ({ registered }, payload) => {
      running?.gateway.receive(registered, payload, () => undefined);
    },
    stores: () => live().stores,
    publish: (bundle) => {
      newest = bundle;
      live().stores.policies.keep(bundle, clock.now());
    },
    newest: () => newest,
    starts: () => starts,
    faults,
    close: () => {
      live().gateway.flush();
      live().stores.close();
      running = undefined;
      return openIngestStores(disk.at(), storeKeys(disk.at(), { clock }));
    },
  };
}

/** Every write of a group commit may be the last of its process. */
function mortalStores(stores: IngestStores, disk: Disk): Stores {
  const zone = (name: keyof IngestStores['zones']) => disk.mortal(stores.zones[name], zoneFile(name), ['insert']);
  return {
    zones: {
      general: zone('general'),
      personal: zone('personal'),
      geographic: zone('geographic'),
      important: zone('important'),
    },
    cells: disk.mortal(stores.cells, 'zone-geographic-counts.sqlite', ['count', 'settle']),
    quarantine: disk.mortal(stores.quarantine, zoneFile('quarantine'), ['insert']),
    ledger: disk.mortal(stores.ledger, 'ledger.sqlite', ['commit']),
    register: stores.register,
    aggregates: stores.aggregates,
    consents: disk.mortal(stores.consents, 'consents.sqlite', ['note']),
    updates: disk.mortal(stores.updates, 'updates.sqlite', ['note']),
  };
}
