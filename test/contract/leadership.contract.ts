import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Lead, Leadership } from '../../cloud/ports/leadership.ts';

/** One installation that processes compete for. */
export interface LeadershipWorld {
  /** As a process of its own would open it. */
  readonly open: () => Leadership;
  /** Takes the lock away from whoever has it, without asking them. */
  readonly takeAway: () => Promise<void>;
  /** A process that stands by; `leads` resolves when it says so. */
  readonly spawn: () => {
    readonly leads: Promise<void>;
    readonly standsBy: Promise<void>;
    readonly kill: () => Promise<void>;
  };
  readonly close: () => Promise<void>;
}

/** What every adapter of the port has to do. */
export function leadershipContract(name: string, makeWorld: () => Promise<LeadershipWorld>): void {
  describe(`leadership by ${name}`, () => {
    let world: LeadershipWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    const held = async (leadership: Leadership): Promise<Lead> => {
      const lead = await leadership.take();
      if (lead === undefined) throw new Error('another process leads');
      return lead;
    };

    test('one leads, and the next one when it lets go', async () => {
      const [first, second] = [world.open(), world.open()];
      const lead = await held(first);
      expect([await second.take(), await first.take()]).toEqual([undefined, undefined]);
      await lead.release();
      const next = await held(second);
      expect(await first.take()).toBeUndefined();
      await next.release();
    });

    test('a lock that was taken away is lost, and says so', async () => {
      const lead = await held(world.open());
      await world.takeAway();
      await lead.lost;
      await lead.release();
    });

    test('of two processes one leads; killed with -9, the other does, and nobody a second time', async () => {
      const first = world.spawn();
      await first.leads;
      const second = world.spawn();
      await second.standsBy;
      expect(await world.open().take()).toBeUndefined();
      await first.kill();
      await second.leads;
      expect(await world.open().take()).toBeUndefined();
      await second.kill();
      await (await held(world.open())).release();
    });
  });
}
