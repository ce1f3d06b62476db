import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Parcel } from '../../../../cloud/datasets/build-parcel.ts';
import type { ExportGateParts } from '../../../../cloud/transfer/export-gate.ts';
import type { Filed } from '../../../../cloud/transfer/fact-sources.ts';
import { ok } from '../../../../proto/words/result.ts';
import { definedDataset, NOTHING_FILED, scratchGate } from '../../../support/cloud/gate.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

/** What somebody whom the gate asks answers otherwise. */
type Otherwise = (parts: ExportGateParts) => Partial<ExportGateParts>;

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

async function left(otherwise: Otherwise) {
  const { askFor, parts, at, transfers } = scratchGate({ build: async () => ok(PARCEL) });
  Object.assign(parts, otherwise(parts));
  const outcome = await askFor(definedDataset(STATISTICS)).then(
    (done) => (done.ok ? done.value.state : 'fault'),
    () => 'thrown',
  );
  const counted = transfers.project({ year: 2026, kind: 'plain', persons: [] }).before;
  return { outcome, isOut: existsSync(at('outbox', 't1')), counted };
}

test.each([
  ['by papers of the configuration', () => ({})],
  ['by papers of the register', ofRegister],
] satisfies [string, Otherwise][])('with all answered the same request goes out %s', async (_, otherwise) => {
  expect(await left(otherwise)).toEqual({ outcome: 'permitted', isOut: true, counted: 30 });
});

test.each([
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
] satisfies [string, Otherwise][])('%s: nothing is cleared, nobody is counted', async (_, otherwise) => {
  const { outcome, ...rest } = await left(otherwise);
  expect(['withheld', 'fault']).toContain(outcome);
  expect(rest).toEqual({ isOut: false, counted: 0 });
});

test.each([
  ['the registers', () => ({ filed: thrown })],
  ['sign-offs', () => ({ signedOff: thrown })],
  ['counts of the group', () => ({ groupCounts: thrown })],
  ['transfers that are joined', () => ({ joins: { with: thrown, record: () => {} } })],
  ['keeping what others are joined with', () => ({ joins: { with: () => undefined, record: thrown } })],
  ['the classification', () => ({ classify: thrown })],
  ['the reading of counts', () => ({ countScope: thrown })],
  ['the emergency stop', () => ({ stopped: thrown })],
  ['the log', () => ({ operations: { append: thrown } })],
  ['publications', () => ({ publications: { publish: thrown } })],
  ['the archive of the permit', (parts) => ({ ...ofRegister(parts), registers: { find: thrown } })],
] satisfies [string, Otherwise][])('%s throwing: nothing is cleared', async (_, otherwise) => {
  const { outcome, isOut } = await left(otherwise);
  expect([outcome, isOut]).toEqual(['thrown', false]);
});

test.each([
  ['a stop', () => ({ stopped: () => 'stop-1' })],
  ['a notice that fell', lacking('notice')],
  ['a member of the group', () => ({ groupCounts: () => 'unknown' })],
] satisfies [string, Otherwise][])(
  '%s late, while the parcel is built: the verdict is of after it',
  async (_, late) => {
    const { outcome, isOut } = await left((parts) => {
      const { build } = parts;
      return {
        build: async (...of) => {
          const built = await build(...of);
          Object.assign(parts, late(parts));
          return built;
        },
      };
    });
    expect(['withheld', 'fault']).toContain(outcome);
    expect(isOut).toBe(false);
  },
);
