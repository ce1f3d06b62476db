import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import type { Parcel } from '../../../cloud/datasets/build-parcel.ts';
import type { ExportGateParts } from '../../../cloud/transfer/export-gate.ts';
import type { Filed } from '../../../cloud/transfer/fact-sources.ts';
import { ok } from '../../../proto/words/result.ts';
import { STATISTICS } from '../datasets/parcels.ts';
import { definedDataset, NOTHING_FILED, scratchGate } from './gate.ts';

/** What somebody whom the gate asks answers otherwise. */
type Otherwise = (parts: ExportGateParts) => Partial<ExportGateParts>;

/** What became of one request: how it ended, whether its parcel lies in the outbox, and how many persons count. */
interface Left {
  readonly outcome: string;
  readonly isOut: boolean;
  readonly counted: number;
}

const thrown = (): never => {
  throw new Error('no answer');
};
const filed =
  (over: Partial<Filed>): Otherwise =>
  () => ({
    filed: () => ({ ...NOTHING_FILED, attested: {}, registered: 'yes', ciio: 'no', withoutConsent: 0, ...over }),
  });
/** The registers speak of these and have none; the papers of the configuration would do. */
const lacking = (...kinds: readonly ('notice' | 'pipia')[]): Otherwise => filed({ spokenFor: new Set(kinds) });
/** Papers that the register holds, which a permit names with their version. */
const ofRegister: Otherwise = (parts) => {
  const onFile = parts.onFile.map((one) => ({ ...one, id: `notice/${one.id}` }));
  return filed({ onFile, spokenFor: new Set(['notice', 'pipia']) })(parts);
};

/** As a build gives it back; what is in it is not looked at here. */
const PARCEL: Parcel = {
  manifestSha256: new Uint8Array(32),
  rows: 30,
  bytes: 1_000,
  families: [],
  persons: Array.from({ length: 30 }, (_, at) => new Uint8Array(16).fill(at)),
};

async function left(otherwise: Otherwise): Promise<Left> {
  const { askFor, parts, at, transfers } = scratchGate({ build: async () => ok(PARCEL) });
  Object.assign(parts, otherwise(parts));
  const outcome = await askFor(definedDataset(STATISTICS)).then(
    (done) => (done.ok ? done.value.state : 'fault'),
    () => 'thrown',
  );
  const counted = transfers.project({ year: 2026, kind: 'plain', persons: [] }).before;
  return { outcome, isOut: existsSync(at('outbox', 't1')), counted };
}

/** What happens while the parcel is built. */
const during =
  (late: Otherwise): Otherwise =>
  (parts) => {
    const { build } = parts;
    return {
      build: async (...of) => {
        const built = await build(...of);
        Object.assign(parts, late(parts));
        return built;
      },
    };
  };

function isOut(one: Left): void {
  expect(one).toEqual({ outcome: 'permitted', isOut: true, counted: 30 });
}

function isWithheld({ outcome, ...rest }: Left): void {
  expect(['withheld', 'fault']).toContain(outcome);
  expect(rest).toEqual({ isOut: false, counted: 0 });
}

/** An answer that throws is nobody's to catch here: whoever asked hears of it, and nothing went out. */
function isThrown({ outcome, isOut: gotOut }: Left): void {
  expect([outcome, gotOut]).toEqual(['thrown', false]);
}

const casesOf =
  (holds: (one: Left) => void) =>
  ([name, otherwise]: readonly [string, Otherwise]) => ({
    name,
    ask: () => left(otherwise),
    /** Fails as a test does where the gate did not do what it has to. */
    holds,
  });

const OUT: readonly (readonly [string, Otherwise])[] = [
  ['with all answered a request goes out by papers of the configuration', () => ({})],
  ['with all answered a request goes out by papers of the register', ofRegister],
];

const UNKNOWN_OR_ABSENT: readonly (readonly [string, Otherwise])[] = [
  ['the recipient is unknown', filed({ registered: 'unknown' })],
  ['whether it is a CIIO is unknown', filed({ ciio: 'unknown' })],
  ['what another member of the group sent is unknown', () => ({ groupCounts: () => 'unknown' })],
  ['what the parcel is sealed to is unknown', () => ({ sealedTo: () => 'unknown' })],
  ['the legal basis is unknown', () => ({ legalBasis: 'unknown' })],
  ['the notice is absent', lacking('notice')],
  ['the impact assessment is absent', lacking('pipia')],
  ['every paper is absent', () => ({ onFile: [] })],
  ['the recipient is absent from the register', filed({ registered: 'no' })],
  ['the authority matrix is absent', ({ permits }) => ({ permits: { ...permits, issue: 'on-approval' } })],
];

const THROWING: readonly (readonly [string, Otherwise])[] = [
  ['the registers throw', () => ({ filed: thrown })],
  ['sign-offs throw', () => ({ signedOff: thrown })],
  ['counts of the group throw', () => ({ groupCounts: thrown })],
  ['transfers that are joined throw', () => ({ joins: { with: thrown, record: () => {} } })],
  ['keeping what others are joined with throws', () => ({ joins: { with: () => undefined, record: thrown } })],
  ['the classification throws', () => ({ classify: thrown })],
  ['the reading of counts throws', () => ({ countScope: thrown })],
  ['the emergency stop throws', () => ({ stopped: thrown })],
  ['the log throws', () => ({ operations: { append: thrown } })],
  ['publications throw', () => ({ publications: { publish: thrown } })],
  ['the archive of the permit throws', (parts) => ({ ...ofRegister(parts), registers: { find: thrown } })],
];

const LATE: readonly (readonly [string, Otherwise])[] = [
  ['a stop is late, while the parcel is built', during(() => ({ stopped: () => 'stop-1' }))],
  ['a notice falls late, while the parcel is built', during(lacking('notice'))],
  ['a member of the group tells late that it knows nothing', during(() => ({ groupCounts: () => 'unknown' }))],
];

/** What the gate does with one request while somebody whom it asks answers as the name says; the first two let it out. */
export const GATE_CASES = [
  ...OUT.map(casesOf(isOut)),
  ...[...UNKNOWN_OR_ABSENT, ...LATE].map(casesOf(isWithheld)),
  ...THROWING.map(casesOf(isThrown)),
];
