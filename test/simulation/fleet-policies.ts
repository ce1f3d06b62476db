import { IMAGERY_SETTINGS, PURPOSE_CONSENTS } from '../../proto/codec/control-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import { CHARGE, SPEED, signedBundle } from '../support/edge/policies.ts';
import type { Vehicle } from './vehicle.ts';
import { JOURNEYS } from './vehicle-persons.ts';
import type { World } from './world.ts';

/** Policies one after the other, each allowing something else, and one or the other over before the next one comes. */
export interface FleetPolicies {
  /** @param isLast - it holds to the end, and every path is in it */
  readonly next: (isLast?: boolean) => Uint8Array;
  /** One of before, from whoever kept it. */
  readonly older: () => Uint8Array | undefined;
  /** Frames that were sealed under a policy that did not allow them, or was over when they were taken. */
  readonly against: (vehicles: readonly Vehicle[]) => readonly string[];
}

const YEAR_2100 = Date.UTC(2100, 0, 1);
const LASTS_MS = [20_000, 60_000, 1_000_000_000];
const PATHS = [[SPEED, CHARGE], [CHARGE], [SPEED, CHARGE]] as const;

export function fleetPolicies(world: World, start: Instant): FleetPolicies {
  const given: { readonly paths: ReadonlySet<string>; readonly expiresAtMs: number; readonly bundle: Uint8Array }[] =
    [];
  return {
    next: (isLast = false) => {
      const version = given.length + 1;
      const paths = isLast ? PATHS[0] : world.chance.of(PATHS);
      const expiresAtMs = world.now() + (isLast ? 1_000_000_000 : world.chance.of(LASTS_MS));
      const purposes = [
        { id: 'operations', consent: PURPOSE_CONSENTS.none, expiresAtMs: YEAR_2100 },
        { id: 'seat-study', consent: PURPOSE_CONSENTS['all-occupants'], expiresAtMs: YEAR_2100 },
        { id: JOURNEYS, consent: PURPOSE_CONSENTS.driver, expiresAtMs: YEAR_2100 },
      ];
      const bundle = signedBundle({
        ...{ version, purposes, expiresAtMs, notBeforeMs: start - 86_400_000, allowedPaths: paths },
        pathPurposes: new Uint8Array(paths.map((path) => (path === CHARGE ? 3 : 1))),
        imagery: IMAGERY_SETTINGS.mosaic,
        sensorIntervalS: 10,
      });
      given.push({ paths: new Set(paths), expiresAtMs, bundle });
      return bundle;
    },
    older: () => (given.length < 2 ? undefined : world.chance.of(given.slice(0, -1)).bundle),
    against: (vehicles) =>
      vehicles.flatMap(({ promised, device }) =>
        promised.flatMap(({ frame, sequence, policyVersion }) => {
          const policy = given[policyVersion - 1];
          if (frame.kind !== 'signals' || policy === undefined) return [];
          const isAllowed = frame.signals.every(({ path }) => policy.paths.has(path));
          const isInTime = frame.observedAt < policy.expiresAtMs;
          const name = `${device.registered.number}/${sequence}`;
          return isAllowed && isInTime ? [] : [`${name} is not of its policy ${policyVersion}`];
        }),
      ),
  };
}
