import type { World } from './world.ts';

/** How bad the way is between vehicle and cloud; of a thousand. */
export interface Weather {
  /** A connection breaks with a message. */
  readonly cut: number;
  /** The same message comes twice. */
  readonly twice: number;
  /** A message of a connection that broke arrives all the same, later. */
  readonly late: number;
  /** Milliseconds. */
  readonly delay: readonly [from: number, to: number];
  readonly away: readonly [from: number, to: number];
}

export const FAIR: Weather = { cut: 0, twice: 0, late: 0, delay: [5, 50], away: [500, 1_000] };

export interface Ends<Up, Down> {
  readonly cloudTakes: (message: Up) => void;
  readonly vehicleTakes: (message: Down) => void;
  readonly onUp: () => void;
  readonly onDown: () => void;
  /** Both have to be there for a connection. */
  readonly canConnect: () => boolean;
}

/** One connection after the other, each in order, none of them reliable. */
export interface Link<Up, Down> {
  readonly toCloud: (message: Up) => void;
  readonly toVehicle: (message: Down) => void;
  /** Breaks what there is and tries again by itself. */
  readonly cut: () => void;
  readonly isUp: () => boolean;
  readonly weather: (next: Weather) => void;
}

export function createLink<Up, Down>(world: World, first: Weather, ends: Ends<Up, Down>): Link<Up, Down> {
  let weather = first;
  /** Of the connection that stands; 0: none does. */
  let session = 0;
  let sessions = 0;
  let isTrying = false;
  /** Nothing overtakes within a connection. */
  let free = { up: 0, down: 0 };

  const tryLater = (): void => {
    if (isTrying) return;
    isTrying = true;
    world.later(world.between(...weather.away), () => {
      isTrying = false;
      if (session !== 0) return;
      if (!ends.canConnect()) {
        tryLater();
        return;
      }
      sessions += 1;
      session = sessions;
      free = { up: 0, down: 0 };
      ends.onUp();
    });
  };

  const cut = (): void => {
    const wasUp = session !== 0;
    session = 0;
    if (wasUp) ends.onDown();
    tryLater();
  };

  const carry = <Message>(way: 'up' | 'down', message: Message, take: (message: Message) => void): void => {
    const own = session;
    if (own === 0) return;
    const arrives = Math.max(free[way], world.now() + world.between(...weather.delay));
    free[way] = arrives;
    const isLate = way === 'up' && world.happens(weather.late);
    const deliver = (): void => {
      if (session === own || isLate) take(message);
    };
    world.later(arrives - world.now() + (isLate ? world.between(...weather.away) : 0), deliver);
    if (world.happens(weather.twice)) world.later(arrives - world.now() + world.between(...weather.delay), deliver);
    if (world.happens(weather.cut)) cut();
  };

  tryLater();
  return {
    toCloud: (message) => carry('up', message, ends.cloudTakes),
    toVehicle: (message) => carry('down', message, ends.vehicleTakes),
    cut,
    isUp: () => session !== 0,
    weather: (next) => {
      weather = next;
    },
  };
}
