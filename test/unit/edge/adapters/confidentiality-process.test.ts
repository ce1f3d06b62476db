import { appendFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type ConfidentialityPlugIn,
  confidentialityProcess,
  STARTS_FAILED_MAX,
} from '../../../../edge/adapters/confidentiality-process.ts';
import type { RawFix } from '../../../../proto/words/raw-frame.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { type Behaviour, demoPlugIn } from '../../../support/edge/demo-plug-in.ts';

const fixes: readonly RawFix[] = [0, 1, 2].map((second) => ({
  ...{ kind: 'fix', at: later(MORNING, second * 1_000), latitude: 31 + second, longitude: 121, altitudeM: 5 },
}));

function start(plugIn: ConfidentialityPlugIn) {
  const clock = { now: MORNING };
  const faults: string[] = [];
  const processor = confidentialityProcess(plugIn, { now: () => clock.now }, ({ code }) => void faults.push(code));
  onTestFinished(() => processor.close());
  const causeOf = async (): Promise<string> => {
    const processed = await processor.processFixes(fixes);
    return processed.ok ? 'processed' : processed.fault;
  };
  return { processor, clock, faults, causeOf };
}

describe('a plug-in of the operator', () => {
  test('gives as many positions as it was given, call after call, from one start', async () => {
    const { processor, faults } = start(demoPlugIn('moves'));
    for (let call = 0; call < 3; call += 1) {
      expect(await processor.processFixes(fixes)).toEqual({
        ok: true,
        value: fixes.map(({ latitude, longitude }) => ({ latitude: latitude + 0.001, longitude })),
      });
    }
    expect(faults).toEqual([]);
  });

  test.each<[Behaviour, string]>([
    ['refuses', 'confidentiality-refused'],
    ['ends', 'confidentiality-failed'],
    ['babbles', 'confidentiality-failed'],
    ['too-few', 'confidentiality-failed'],
    ['floods', 'confidentiality-failed'],
    ['wrong-id', 'confidentiality-failed'],
  ])('that %s costs the fixes: %s', async (behaviour, cause) => {
    expect(await start(demoPlugIn(behaviour)).causeOf()).toBe(cause);
  });

  test('that is late is ended, and costs the fixes', async () => {
    const { causeOf, faults } = start(demoPlugIn('sleeps', { timeLimitMs: 50 }));
    expect(await causeOf()).toBe('confidentiality-slow');
    expect(faults).toEqual(['CONFIDENTIALITY_FAILED']);
  });

  test('is started again after a pause, and given up after so many starts that came to nothing', async () => {
    const { clock, causeOf, faults } = start(demoPlugIn('ends'));
    expect([await causeOf(), await causeOf()]).toEqual(['confidentiality-failed', 'confidentiality-missing']);
    for (let again = 1; again < STARTS_FAILED_MAX; again += 1) {
      clock.now = later(clock.now, 60_000);
      expect(await causeOf()).toBe('confidentiality-failed');
    }
    clock.now = later(clock.now, 600_000);
    expect(await causeOf()).toBe('confidentiality-missing');
    expect(faults.at(-1)).toBe('CONFIDENTIALITY_GIVEN_UP');
  });

  test('whose file is another than the attested one is not started, and neither is one that is gone', async () => {
    const plugIn = demoPlugIn('moves');
    appendFileSync(plugIn.executable, '\n');
    const changed = start(plugIn);
    expect(await changed.causeOf()).toBe('confidentiality-changed');
    expect(changed.faults).toEqual(['CONFIDENTIALITY_CHANGED']);
    const gone = start({ ...plugIn, executable: `${plugIn.executable}-gone` });
    expect(await gone.causeOf()).toBe('confidentiality-missing');
    expect(gone.faults).toEqual(['CONFIDENTIALITY_MISSING']);
  });

  test('that is exchanged while it runs is asked for its digest when it is started next', async () => {
    const plugIn = demoPlugIn('ends-later');
    const { clock, causeOf } = start(plugIn);
    expect(await causeOf()).toBe('processed');
    appendFileSync(plugIn.executable, '\n');
    expect(await causeOf()).toBe('confidentiality-failed');
    clock.now = later(clock.now, 60_000);
    expect(await causeOf()).toBe('confidentiality-changed');
  });

  test('is asked nothing before its certificate begins and after it has ended', async () => {
    const [validFromMs, validUntilMs] = [MORNING, MORNING + 1_000];
    const { processor, clock, causeOf } = start(
      demoPlugIn('moves', { attestation: { id: 'demo', certificate: 'TEST-0001', validFromMs, validUntilMs } }),
    );
    const at = async (now: number): Promise<readonly [string, boolean]> => {
      clock.now = now as Instant;
      return [await causeOf(), processor.attestation() !== undefined];
    };
    expect(await at(MORNING - 1)).toEqual(['confidentiality-expired', false]);
    expect(await at(MORNING)).toEqual(['processed', true]);
    expect(await at(MORNING + 1_000)).toEqual(['confidentiality-expired', false]);
  });

  test('is ended with the agent, and answers nobody afterwards', async () => {
    const { processor, causeOf } = start(demoPlugIn('ends-later'));
    expect(await causeOf()).toBe('processed');
    const asked = causeOf();
    await processor.close();
    expect([await asked, await causeOf()]).toEqual(['confidentiality-stopped', 'confidentiality-stopped']);
  });
});
