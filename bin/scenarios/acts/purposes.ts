import { BLOCK_M } from '../../../firmware-sim/city.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { PATHS } from '../../../firmware-sim/signals.ts';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import { civilDateOf, DAY_MS, HOUR_MS, type Instant, startOfDay } from '../../../proto/words/time.ts';
import type { ScenarioPurpose } from '../policies.ts';
import type { World } from '../world.ts';
import { drive, endOfRoad, kmOf, nextAt, onTheRoad, type RoadRider, straight } from './road.ts';

/**
 * One vehicle under one policy for three purposes: the care of the fleet, one that the driver consents to until the evening of the
 * first day, and a trial that ends at noon of it. Every frame has values for all three.
 */
export async function purposesOfADay(world: World): Promise<void> {
  const today = startOfDay(civilDateOf(world.clock.now()));
  const noon = (today + DAY_MS / 2) as Instant;
  const ends = { noon, consentedUntil: (today + CONSENT_HOURS * HOUR_MS) as Instant };
  const consented = { from: today, until: ends.consentedUntil };
  const purposes: readonly ScenarioPurpose[] = [
    { id: 'cabin-comfort', paths: [COMFORT], consented },
    { id: 'range-trial', paths: [TRIAL], until: noon },
  ];
  const play: Parameters<typeof onTheRoad>[1] = async ({ city, join, convoy }) => {
    const rider = join(1, 'strict');
    for (let day = 1; day <= world.size; day += 1) {
      for (const { at, en, zh } of DRIVES) {
        await rider.park(nextAt(world, at));
        const holds = standing(world, ends);
        world.tell(`day ${day}, ${en}: ${holds.en}`, `第 ${day} 天${zh}：${holds.zh}`);
        await away(world, rider, straight(city, { alongM: 0, acrossM: 0 }, DRIVE_M));
      }
    }
    await endOfRoad(world, rider);
    countPurposes(world, convoy.outgoing.left(), ends);
  };
  await onTheRoad(world, play, { purposes });
}

const COMFORT = PATHS.airTemperature;
const TRIAL = PATHS.soh;
const CONSENT_HOURS = 16;
const DRIVE_M = 12 * BLOCK_M;

/** O'clock. */
const DRIVES = [
  { at: 9, en: 'in the morning', zh: '上午' },
  { at: 14, en: 'in the afternoon', zh: '下午' },
  { at: 20, en: 'in the evening', zh: '晚间' },
] as const;

interface Ends {
  readonly noon: Instant;
  readonly consentedUntil: Instant;
}

/** What holds at the moment, as a person says it. */
function standing({ clock }: World, { noon, consentedUntil }: Ends): Record<'en' | 'zh', string> {
  const [isConsented, isTried] = [clock.now() < consentedUntil, clock.now() < noon];
  return {
    en: `${isConsented ? 'the driver consents' : 'no consent holds'}, ${isTried ? 'the trial runs' : 'the trial is over'}`,
    zh: `${isConsented ? '驾驶人同意有效' : '无有效同意'}，${isTried ? '试验进行中' : '试验已结束'}`,
  };
}

async function away(world: World, rider: RoadRider, route: ReturnType<typeof straight>): Promise<void> {
  const out = await drive(world, rider, { route, departAt: world.clock.now() });
  await rider.park(later(world.clock.now(), HOUR_MS), false);
  const back = await drive(world, rider, { route: [...route].reverse(), departAt: world.clock.now() });
  world.tell(`${kmOf(out + back)} km there and back`, `往返 ${kmOf(out + back)} 公里`);
}

/** Looked at from outside: which values left, and when they were taken in. */
function countPurposes(world: World, left: readonly FrameContent[], { noon, consentedUntil }: Ends): void {
  const taken = (path: string): readonly number[] =>
    left.flatMap((one) =>
      one.kind === 'signals' && one.signals.some((signal) => signal.path === path) ? [one.observedAt] : [],
    );
  const [comfort, trial] = [taken(COMFORT), taken(TRIAL)];
  world.set('values-consented', comfort.filter((at) => at < consentedUntil).length);
  world.set('values-unconsented', comfort.filter((at) => at >= consentedUntil).length);
  world.set('values-trial', trial.filter((at) => at < noon).length);
  world.set('values-after-end', trial.filter((at) => at >= noon).length);
}
