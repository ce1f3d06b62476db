import type { Plane, Point } from '../traces/plane.ts';
import type { Subject, SubjectSet } from '../traces/subjects.ts';

export interface CommuterOptions {
  readonly days: number;
  readonly plane: Plane;
  readonly jitter: readonly Point[];
  readonly chance: () => number;
}

/** Cars that leave one place each day for another and come back: every day is one more look at the same door. */
export function commuters(places: readonly Point[], options: CommuterOptions): SubjectSet {
  return { plane: options.plane, subjects: places.map((place, index) => commuter(place, `car-${index}`, options)) };
}

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2020, 0, 6);
const SPEED_MPS = 12;
const STEP_MS = 20_000;
const STAND_MS = 15 * 60_000;

function commuter(place: Point, name: string, { days, plane, jitter, chance }: CommuterOptions): Subject {
  const at: number[] = [];
  const points: Point[] = [];
  const put = (moment: number, { x, y }: Point): void => {
    const offset = jitter[Math.floor(chance() * jitter.length)] ?? { x: 0, y: 0 };
    at.push(moment);
    points.push({ x: x + offset.x * DRIVING_JITTER, y: y + offset.y * DRIVING_JITTER });
  };
  for (let day = 0; day < days; day += 1) {
    const angle = 2 * Math.PI * chance();
    const reachM = 6_000 + 9_000 * chance();
    const away = { x: place.x + reachM * Math.cos(angle), y: place.y + reachM * Math.sin(angle) };
    // 07:30 and 17:30 in Shanghai, half an hour more or less.
    const leaves = FIRST_DAY + day * DAY_MS - 30 * 60_000 + Math.floor(chance() * 60) * 60_000;
    drive(put, leaves, place, away);
    drive(put, leaves + 10 * 3_600_000, away, place);
  }
  const degrees = points.map((point) => plane.toDegrees(point));
  return {
    name,
    at: Float64Array.from(at),
    latitude: Float64Array.from(degrees, ({ latitude }) => latitude),
    longitude: Float64Array.from(degrees, ({ longitude }) => longitude),
    x: Float64Array.from(points, ({ x }) => x),
    y: Float64Array.from(points, ({ y }) => y),
  };
}

/** A moving receiver strays less than one between houses. */
const DRIVING_JITTER = 0.3;

function drive(put: (at: number, point: Point) => void, leaves: number, from: Point, to: Point): void {
  const ms = (Math.hypot(to.x - from.x, to.y - from.y) / SPEED_MPS) * 1_000;
  for (let passed = -STAND_MS; passed < ms + STAND_MS; passed += STEP_MS) {
    const part = Math.min(1, Math.max(0, passed / ms));
    put(leaves + passed, { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) });
  }
}
