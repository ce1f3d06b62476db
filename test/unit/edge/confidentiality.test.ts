import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { confidentialityProcess } from '../../../edge/adapters/confidentiality-process.ts';
import type { Recognition } from '../../../edge/ports/confidentiality.ts';
import { CLOSED_FENCES } from '../../../edge/stages/closed-fences.ts';
import { inspect } from '../../../edge/stages/inspect.ts';
import type { Candidate } from '../../../edge/stages/stage.ts';
import { POSITION_PRESETS } from '../../../proto/codec/control-codec.ts';
import type { Attestation } from '../../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { createRig, type Rig } from '../../support/edge/agent-rig.ts';
import { cellCandidate, MORNING, signalsCandidate, tripCandidate } from '../../support/edge/candidates.ts';
import { type Behaviour, demoPlugIn } from '../../support/edge/demo-plug-in.ts';
import { fixesOf } from '../../support/edge/itinerary.ts';
import { degreesOfPosition } from '../../support/edge/map.ts';
import { policyOf } from '../../support/edge/policies.ts';

const RECORD: Attestation = { id: 'demo', certificate: 'TEST-0001', validFromMs: 1, validUntilMs: 2 };

const recognitionOf = (attestation: Attestation | undefined, datum: Recognition['datum'] = 'WGS-84'): Recognition => ({
  datum,
  attestation: () => attestation,
});
const fleet = policyOf({ preset: POSITION_PRESETS.fleet });
const marked: Candidate = { ...cellCandidate, recognised: 'demo' };

describe('the mark `state-recognised`', () => {
  const attestationOf = (candidate: Candidate, policy: typeof fleet): unknown =>
    inspect(candidate, policy)?.basis.attestation ??
    (inspect(candidate, policy) === undefined ? 'refused' : 'unmarked');

  test('stands on the record of a configured adapter in its time, and on nothing else', () => {
    expect(attestationOf(marked, { ...fleet, confidentiality: recognitionOf(RECORD) })).toEqual(RECORD);
    expect(attestationOf(marked, fleet)).toBe('refused');
    expect(attestationOf(marked, { ...fleet, confidentiality: recognitionOf(undefined) })).toBe('refused');
    const other = recognitionOf({ ...RECORD, id: 'other' });
    expect(attestationOf(marked, { ...fleet, confidentiality: other })).toBe('refused');
  });

  test('is for cells only', () => {
    const policy = { ...fleet, confidentiality: recognitionOf(RECORD) };
    for (const candidate of [signalsCandidate, tripCandidate]) {
      expect(attestationOf({ ...candidate, recognised: 'demo' }, policy)).toBe('refused');
      expect(attestationOf(candidate, policy)).toBe('unmarked');
    }
  });

  test('is asked of every cell where processing is configured, or the policy asks for it', () => {
    expect(attestationOf(cellCandidate, { ...fleet, confidentiality: recognitionOf(RECORD) })).toBe('refused');
    expect(attestationOf(cellCandidate, { ...fleet, stateRecognisedOnly: true })).toBe('refused');
    expect(attestationOf(cellCandidate, fleet)).toBe('unmarked');
  });

  test('is not taken for coordinates of another frame where fences are to be asked', () => {
    const fences = { isNear: () => false, blocks: () => false };
    const own = { ...fleet, confidentiality: recognitionOf(RECORD, 'own') };
    expect(attestationOf(marked, own)).toEqual(RECORD);
    expect(attestationOf(marked, { ...own, fences })).toBe('refused');
    expect(attestationOf(marked, { ...fleet, fences, confidentiality: recognitionOf(RECORD) })).toEqual(RECORD);
    expect(attestationOf(marked, { ...fleet, fences: CLOSED_FENCES, confidentiality: recognitionOf(RECORD) })).toBe(
      'refused',
    );
  });

  test('is never on a frame without exactly that record', () => {
    const record = fc.option(fc.record({ ...allOf(RECORD), id: fc.constantFrom('demo', 'other') }), { nil: undefined });
    fc.assert(
      fc.property(record, fc.constantFrom(undefined, 'demo', 'other'), fc.boolean(), (held, said, isAsked) => {
        const confidentiality = isAsked ? recognitionOf(held) : undefined;
        const candidate = said === undefined ? cellCandidate : { ...cellCandidate, recognised: said };
        const sealed = inspect(candidate, { ...fleet, confidentiality });
        if (sealed === undefined) return;
        expect(sealed.basis.attestation).toEqual(isAsked ? held : undefined);
        expect(sealed.basis.attestation?.id).toBe(said);
      }),
    );
  });
});

function allOf(record: Attestation) {
  const { certificate, validFromMs, validUntilMs } = record;
  return {
    certificate: fc.constant(certificate),
    validFromMs: fc.constant(validFromMs),
    validUntilMs: fc.constant(validUntilMs),
  };
}

describe('a drive through a plug-in', () => {
  const DRIVE = fixesOf({ from: [0, 0], at: MORNING }, [
    { go: [30_000, 0] },
    { waitMs: 1_200_000 },
    { go: [30_000, 20_000] },
  ]);

  async function replay(behaviour: Behaviour, until = MORNING + 365 * 86_400_000): Promise<Rig> {
    const attestation = { id: 'demo', certificate: 'TEST-0001', validFromMs: MORNING - 1, validUntilMs: until };
    const plugIn = demoPlugIn(behaviour, { attestation });
    const confidentiality = confidentialityProcess(plugIn, { now: () => MORNING }, () => undefined);
    onTestFinished(() => confidentiality.close());
    const rig = createRig({ confidentiality });
    rig.agent.usePolicy({ ...fleet, confidentiality });
    for (const { at, position } of DRIVE) rig.agent.take({ kind: 'fix', at, ...degreesOfPosition(position) });
    const end = DRIVE.at(-1)?.at ?? MORNING;
    rig.agent.take({ kind: 'clock', at: (end + 3_600_000) as Instant });
    await rig.agent.settlePictures('treat');
    rig.agent.flush();
    return rig;
  }
  const cellBatches = (rig: Rig) => rig.batches().filter(({ frames }) => frames.some(({ kind }) => kind === 'cell'));

  test('gives cells under its mark, in batches of their own', async () => {
    const rig = await replay('moves');
    const batches = cellBatches(rig);
    expect(batches.length).toBeGreaterThan(0);
    for (const { attestation, frames } of batches) {
      expect(attestation).toMatchObject({ id: 'demo', certificate: 'TEST-0001' });
      expect(frames.every(({ kind }) => kind === 'cell')).toBe(true);
    }
    expect(rig.agent.removals()).toEqual({ position: DRIVE.length });
  });

  test.each<[Behaviour, string]>([
    ['refuses', 'confidentiality-refused'],
    ['ends', 'confidentiality-failed'],
  ])('that %s gives no cell and no row, and every fix is counted', async (behaviour, cause) => {
    const rig = await replay(behaviour);
    expect(rig.batches().flatMap(({ frames }) => frames)).toEqual([]);
    const { position, ...withheld } = rig.agent.removals();
    expect(position).toBe(DRIVE.length);
    expect(withheld[cause]).toBeGreaterThan(0);
    expect(Object.values(withheld).reduce((sum, count) => sum + count, 0)).toBe(DRIVE.length);
  });

  test('whose certificate is over withholds all of it', async () => {
    const rig = await replay('moves', MORNING);
    expect(rig.batches()).toEqual([]);
    expect(rig.agent.removals()).toEqual({ position: DRIVE.length, 'confidentiality-expired': DRIVE.length });
  });
});
