import type { IngestStores } from '../../cloud/composition/open-ingest-stores.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { TestDevice } from '../support/cloud/devices.ts';
import {
  believed,
  fineNumbers,
  lostAfterAcknowledgement,
  miscounted,
  misplaced,
  slandered,
  unaccounted,
} from './checkers/kept.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { CUTS } from './disk.ts';
import { type FleetPolicies, fleetPolicies } from './fleet-policies.ts';
import { createLiar } from './liar.ts';
import { createLink, FAIR, type Link, type Weather } from './link.ts';
import { wrongBy } from './machine-clock.ts';
import { createVehicle, type Vehicle } from './vehicle.ts';
import { createWorld, type World } from './world.ts';

/** 2026-03-01T04:00:00Z */
const START = Date.UTC(2026, 2, 1, 4) as Instant;

/** How long things go wrong, and how long they then have to come right. */
const TROUBLES_MS = [15_000, 30_000, 60_000, 180_000];
const CALM_MS = 600_000;
const LOOK_MS = 15_000;

export interface Outcome {
  readonly findings: readonly string[];
  readonly digest: string;
  readonly story: readonly string[];
  readonly framesAdmitted: number;
  readonly cloudStarts: number;
}

export interface FleetParts {
  readonly seed: number;
  readonly directory: string;
  readonly template: string;
  /** The last of them lies. */
  readonly devices: readonly TestDevice[];
}

/** A few cars, their cloud and everything between them, for some minutes of virtual time; then calm, then the books are checked. */
export async function runFleet({ seed, directory, template, devices }: FleetParts): Promise<Outcome> {
  const world = createWorld(seed, START);
  const findings: string[] = [];
  const links: Link<Uint8Array, Uint8Array>[] = [];
  const vehicles: Vehicle[] = [];
  const honest = devices.slice(0, -1);
  const liar = devices.at(-1) as TestDevice;
  const cloud: Cloud = createCloud({
    world,
    directory: `${directory}/cloud`,
    template,
    tell: (device, bytes) => {
      const at = honest.findIndex(({ registered }) => registered.device === device);
      links[at]?.toVehicle(bytes);
    },
    onDown: () => {
      world.note('cloud dies');
      for (const link of links) link.cut();
    },
    onStart: (stores) => findings.push(...lostAfterAcknowledgement(stores, vehicles)),
  });
  const policies = fleetPolicies(world, START);
  cloud.publish(policies.next(true));

  const weather = weatherOf(world);
  for (const [index, device] of honest.entries()) {
    const vehicle = createVehicle({
      world,
      device,
      directory: `${directory}/vehicle-${index}`,
      spoolBytes: world.chance.of([6_000, 100_000_000]),
      link: () => links[index] as Link<Uint8Array, Uint8Array>,
    });
    vehicle.clock.set(world.chance.of([0, 0, -90_000, 240_000]));
    vehicles.push(vehicle);
    links.push(
      createLink<Uint8Array, Uint8Array>(world, weather, {
        cloudTakes: (payload) => cloud.receive(device, payload),
        vehicleTakes: vehicle.acknowledged,
        onUp: () => {
          const older = world.happens(200) ? policies.older() : undefined;
          if (older !== undefined) vehicle.policy(older);
          const bundle = cloud.newest();
          if (bundle !== undefined) vehicle.policy(bundle);
          vehicle.connected();
        },
        onDown: vehicle.disconnected,
        canConnect: () => cloud.isUp() && vehicle.isOn(),
      }),
    );
  }
  const fallSilent = createLiar(world, liar, honest[0] as TestDevice, (payload) => cloud.receive(liar, payload));
  const stop = trouble(world, { cloud, vehicles, links, policies });
  await world.runWithPromises((START + world.chance.of(TROUBLES_MS)) as Instant);

  stop();
  fallSilent();
  for (const { disk } of [cloud, ...vehicles]) disk.fill(false);
  for (const link of links) link.weather(FAIR);
  for (const vehicle of vehicles) vehicle.park();
  // Without a policy nothing that rests on a consent is read from a spool.
  const last = (): void => {
    if (!cloud.isUp()) world.later(LOOK_MS, last);
    else cloud.publish(policies.next(true));
    for (const link of links) link.cut();
  };
  last();
  const isSettled = (): boolean => cloud.isUp() && vehicles.every(({ isOn, waiting }) => isOn() && waiting() === 0);
  for (let calm = 0; calm < CALM_MS && !isSettled(); calm += LOOK_MS)
    await world.runWithPromises((world.now() + LOOK_MS) as Instant);

  const stores = cloud.close();
  findings.push(...check(stores, vehicles, liar), ...policies.against(vehicles));
  const { framesAdmitted } = stores.ledger.totals();
  world.note(`${framesAdmitted} frames admitted`);
  const starts = cloud.starts();
  stores.close();
  for (const vehicle of vehicles) vehicle.close();
  return { findings, digest: world.digest(), story: world.story(), framesAdmitted, cloudStarts: starts };
}

function check(stores: IngestStores, vehicles: readonly Vehicle[], liar: TestDevice): readonly string[] {
  const waiting = vehicles.filter((vehicle) => vehicle.waiting() > 0).length;
  return [
    ...(waiting > 0 ? [`${waiting} vehicles still have frames waiting in fair weather`] : []),
    ...vehicles.flatMap((vehicle) => vehicle.findings()),
    ...slandered(stores, vehicles),
    ...believed(stores, liar),
    ...lostAfterAcknowledgement(stores, vehicles),
    ...misplaced(stores, vehicles),
    ...miscounted(stores),
    ...unaccounted(stores, vehicles),
    ...fineNumbers(stores),
  ];
}

function weatherOf(world: World): Weather {
  return {
    cut: world.chance.of([0, 5, 60]),
    twice: world.chance.of([0, 30, 200]),
    late: world.chance.of([0, 50]),
    delay: world.chance.of([
      [5, 50],
      [50, 3_000],
    ] as const),
    away: world.chance.of([
      [500, 2_000],
      [2_000, 60_000],
    ] as const),
  };
}

interface Trouble {
  readonly cloud: Cloud;
  readonly vehicles: readonly Vehicle[];
  readonly links: readonly Link<Uint8Array, Uint8Array>[];
  readonly policies: FleetPolicies;
}

/** Something goes wrong every few seconds, until it is told to stop. */
function trouble(world: World, { cloud, vehicles, links, policies }: Trouble): () => void {
  let isOver = false;
  const strike = (): void => {
    if (isOver) return;
    const vehicle = world.chance.of(vehicles);
    const name = `vehicle ${vehicle.device.registered.number}`;
    const strikes: readonly (() => string)[] = [
      () => {
        cloud.disk.cutAt(world.between(0, 8), world.chance.of(CUTS));
        return 'cloud will die at a write';
      },
      () => {
        cloud.disk.fill(true);
        world.later(world.between(1_000, 20_000), () => cloud.disk.fill(false));
        return 'disk of the cloud is full';
      },
      () => {
        vehicle.disk.cutAt(world.between(0, 6), world.chance.of(CUTS));
        return `${name} will lose power at a write`;
      },
      () => {
        vehicle.disk.cut();
        return `${name} loses power`;
      },
      () => {
        cloud.disk.cut();
        return 'cloud loses power';
      },
      () => {
        vehicle.disk.fillAt(world.between(0, 4));
        world.later(world.between(1_000, 20_000), () => vehicle.disk.fill(false));
        return `disk of ${name} will be full`;
      },
      () => {
        vehicle.clock.set(wrongBy(world));
        return `clock of ${name} is set`;
      },
      () => {
        cloud.clock.set(world.chance.of([-400_000, -30_000, 0, 0, 30_000, 400_000]));
        return 'clock of the cloud is set';
      },
      () => {
        if (cloud.isUp()) cloud.publish(policies.next());
        for (const link of links) if (world.happens(700)) link.cut();
        return 'another policy';
      },
    ];
    world.note(world.chance.of(strikes)());
    world.later(world.between(5_000, 40_000), strike);
  };
  const speak = (): void => {
    if (isOver) return;
    const vehicle = world.chance.of(vehicles);
    if (world.happens(600)) vehicle.grant();
    else vehicle.withdraw();
    world.later(world.between(1_000, 15_000), speak);
  };
  world.later(world.between(1_000, 5_000), speak);
  world.later(world.between(5_000, 30_000), strike);
  return () => {
    isOver = true;
    for (const { disk } of [cloud, ...vehicles]) disk.cutAt(Infinity, 'before');
  };
}
