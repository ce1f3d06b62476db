import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sqlitePolicyBook } from '../../../../cloud/adapters/sqlite-policy-book.ts';
import { recheckPurpose } from '../../../../cloud/ingest/recheck-purpose.ts';
import type { SealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { batchOf, signalFrame } from '../../../support/cloud/batches.ts';

const directory = mkdtempSync(join(tmpdir(), 'tongguan-policies-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const file = join(directory, 'policies.sqlite');
const book = sqlitePolicyBook(file);
book.keep('fleet', 1, []);
book.keep('fleet', 2, ['care', 'journeys']);
book.keep('fleet', 2, ['anything']);

const outcome = (change: Partial<SealedBatch>, of: typeof book | undefined = book): string =>
  recheckPurpose(batchOf([signalFrame()], { policyId: 'fleet', policyVersion: 2, ...change }), of) ?? 'fine';

describe('the purpose of a batch', () => {
  test('is one that its own policy has', () => {
    expect(outcome({ purpose: 'care' })).toBe('fine');
    expect(outcome({ purpose: 'marketing' })).toBe('PURPOSE_UNKNOWN');
    expect(outcome({ purpose: 'care', policyVersion: 1 })).toBe('PURPOSE_UNKNOWN');
  });

  test('is named, but for policies that have none, and for statements of withdrawal', () => {
    expect(outcome({})).toBe('PURPOSE_UNKNOWN');
    expect(outcome({ policyVersion: 1 })).toBe('fine');
    const statement = { kind: 'withdrawal', purpose: 'gone', cause: 0, removed: 3 } as const;
    expect(outcome({ frames: [statement] })).toBe('fine');
    expect(outcome({ frames: [statement, signalFrame()] })).toBe('PURPOSE_UNKNOWN');
  });

  test('is of a policy that was handed out, and stays as it was when the same version comes again', () => {
    expect(outcome({ purpose: 'care', policyVersion: 3 })).toBe('POLICY_UNKNOWN');
    expect(outcome({ purpose: 'care', policyId: 'other' })).toBe('POLICY_UNKNOWN');
    expect(outcome({ purpose: 'anything' })).toBe('PURPOSE_UNKNOWN');
  });

  test('is not judged where the cloud hands out no policies', () => {
    expect(recheckPurpose(batchOf([signalFrame()]), undefined)).toBeUndefined();
  });

  test('is known after a restart', () => {
    const again = sqlitePolicyBook(file);
    expect(outcome({ purpose: 'journeys' }, again)).toBe('fine');
    again.close();
    book.close();
  });
});
