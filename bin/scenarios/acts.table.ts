import { cityDay } from './acts/city.ts';
import { dataBreach, transit, vulnerability } from './acts/exemptions.ts';
import { alongFence } from './acts/fence.ts';
import { motorway, parkedMonth, tunnel } from './acts/long-way.ts';
import { recall } from './acts/recall.ts';
import type { World } from './world.ts';

/** How each scenario is played. */
export const ACTS = {
  'city-day': cityDay,
  motorway,
  'along-fence': alongFence,
  'parked-month': parkedMonth,
  tunnel,
  recall,
  vulnerability,
  'data-breach': dataBreach,
  transit,
} as const satisfies Readonly<Record<string, (world: World) => Promise<void>>>;

export type ActName = keyof typeof ACTS;
