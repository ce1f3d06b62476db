import type { ConsentIntake } from '../../edge/consent-intake.ts';
import { decodeSealedBatch, decodeSignedBatch } from '../../proto/codec/telemetry-codec.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import type { World } from './world.ts';

/** Purpose of the readings that want the driver's consent. */
export const JOURNEYS = 'journeys';
const LASTS_MS = [20_000, 300_000, 3_600_000];

/** Who sits in the vehicle: gives consents and takes them back, and is owed that nothing under one that was taken back is sent. */
export interface VehiclePersons {
  readonly grant: (intake: ConsentIntake) => void;
  /** @param isTold - whether somebody still lived to answer, once it was said */
  readonly withdraw: (intake: ConsentIntake, isTold: () => boolean) => void;
  /** What was said and not written is forgotten with the process, which said so. */
  readonly boot: () => void;
  readonly sent: (bytes: Uint8Array) => void;
  readonly findings: readonly string[];
}

export function vehiclePersons(world: World, clock: Clock, name: string): VehiclePersons {
  const over = new Set<string>();
  const unsaved = new Set<string>();
  const findings: string[] = [];
  return {
    findings,
    boot: () => unsaved.clear(),
    grant: (intake) => {
      const { number, purposes } = intake.show();
      const scope = purposes.find(({ id }) => id === JOURNEYS)?.scope ?? '';
      const until = (clock.now() + world.chance.of(LASTS_MS)) as Instant;
      intake.grant({ purpose: JOURNEYS, subjects: 'driver', scope, until, number: number + 1 });
    },
    withdraw: (intake, isTold) => {
      const before = intake.inForce();
      const done = intake.withdraw(JOURNEYS);
      if (!isTold()) return;
      for (const id of before) (done.ok ? over : unsaved).add(id);
      world.note(`${name}: consent taken back, ${done.ok ? 'done' : done.fault.code}`);
    },
    sent: (bytes) => {
      const signed = decodeSignedBatch(bytes);
      const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : signed;
      const consent = batch.ok ? (batch.value.consent ?? '') : '';
      if (over.has(consent) || unsaved.has(consent)) findings.push(`${name} sends under a consent that was taken back`);
    },
  };
}
