import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { testDevice } from '../support/cloud/devices.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { memoryBase } from '../support/cloud/stores.ts';
import { type BorderOutcome, borderBase, runBorder } from './border.ts';
import { type Outcome as FleetOutcome, runFleet } from './fleet.ts';

/** Plays seeds one after the other; what no seed changes is made once. */
export interface Runner<Outcome> {
  readonly run: (seed: number) => Promise<Outcome>;
  readonly close: () => void;
}

export function fleetRunner(): Runner<FleetOutcome> {
  const base = scratch();
  const devices = [1, 2, 3].map((number) => testDevice(number));
  const template = join(base, 'template');
  mkdirSync(template);
  openStores(template, devices).close();
  return {
    run: (seed) => within(base, (directory) => runFleet({ seed, directory, template, devices })),
    close: () => rmSync(base, { recursive: true, force: true }),
  };
}

export function borderRunner(): Runner<BorderOutcome> {
  const directory = scratch();
  const base = borderBase(join(directory, 'base'));
  return {
    run: (seed) => within(directory, (own) => runBorder(seed, own, base)),
    close: () => {
      base.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const scratch = (): string => mkdtempSync(join(memoryBase(), 'tongguan-simulation-'));

async function within<T>(base: string, play: (directory: string) => T | Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(base, 'seed-'));
  try {
    return await play(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
