import { stolenAccount } from './acts/account.ts';
import { cityDay } from './acts/city.ts';
import { eventfulDay } from './acts/eventful.ts';
import { breachOfData, transit, vulnerability } from './acts/exemptions.ts';
import { falseUpdates } from './acts/false-updates.ts';
import { alongFence } from './acts/fence.ts';
import { fleetThreshold } from './acts/fleet.ts';
import { lyingVehicle } from './acts/liar.ts';
import { motorway, parkedMonth, tunnel } from './acts/long-way.ts';
import { roadsideEmergency, sharedCars, yearRollover } from './acts/people.ts';
import { purposesOfADay } from './acts/purposes.ts';
import { recall } from './acts/recall.ts';
import type { World } from './world.ts';

/** How each scenario is played. */
export const ACTS = {
  'city-day': cityDay,
  motorway,
  'along-fence': alongFence,
  'parked-month': parkedMonth,
  tunnel,
  'false-updates': falseUpdates,
  'eventful-day': eventfulDay,
  purposes: purposesOfADay,
  'lying-vehicle': lyingVehicle,
  'stolen-account': stolenAccount,
  'fleet-threshold': fleetThreshold,
  recall,
  vulnerability,
  'data-breach': breachOfData,
  transit,
  'roadside-emergency': roadsideEmergency,
  'year-rollover': yearRollover,
  'shared-cars': sharedCars,
} as const satisfies Readonly<Record<string, (world: World) => Promise<void>>>;

export type ActName = keyof typeof ACTS;
