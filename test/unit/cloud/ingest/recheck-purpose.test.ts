import { describe, expect, test } from 'vitest';
import { recheckPurpose } from '../../../../cloud/ingest/recheck-purpose.ts';
import { type PolicyBundle, PURPOSE_CONSENTS } from '../../../../proto/codec/control-codec.ts';
import { CAMERA_LABELS } from '../../../../proto/codec/sensor-frames.ts';
import type { SealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { batchOf, cellFrame, signalFrame } from '../../../support/cloud/batches.ts';
import { IMAGE } from '../../../support/edge/candidates.ts';
import { bundleOf, CHARGE, SPEED } from '../../../support/edge/policies.ts';

const expiresAtMs = Date.UTC(2100, 0, 1);
const BUNDLE = bundleOf({
  allowedPaths: [SPEED, CHARGE],
  purposes: [
    { id: 'care', consent: PURPOSE_CONSENTS.none, expiresAtMs },
    { id: 'journeys', consent: PURPOSE_CONSENTS.driver, expiresAtMs },
  ],
  pathPurposes: Uint8Array.of(1, 2),
  kindPurposes: { cells: 2, exteriorImages: 1, cabinImages: 2 },
});
const OLD = bundleOf({ purposes: [], pathPurposes: new Uint8Array(0), kindPurposes: {} });

const outcome = (change: Partial<SealedBatch>, bundle: PolicyBundle = BUNDLE): string =>
  recheckPurpose(batchOf([signalFrame({ [SPEED]: 5 })], change), bundle) ?? 'fine';

const STATEMENT = { kind: 'withdrawal', purpose: 'gone', cause: 0, removed: 3 } as const;

describe('the purpose of a batch', () => {
  test('is one that its own policy has', () => {
    expect(outcome({ purpose: 'care' })).toBe('fine');
    expect(outcome({ purpose: 'marketing' })).toBe('PURPOSE_UNKNOWN');
    expect(outcome({ purpose: 'care' }, OLD)).toBe('PURPOSE_UNKNOWN');
  });

  test('is named, but for policies that have none, and for statements of withdrawal', () => {
    expect(outcome({})).toBe('PURPOSE_UNKNOWN');
    expect(outcome({}, OLD)).toBe('fine');
    expect(outcome({ frames: [STATEMENT] })).toBe('fine');
    expect(outcome({ frames: [STATEMENT, signalFrame()] })).toBe('PURPOSE_UNKNOWN');
  });

  test('is that of every frame of it', () => {
    const cabin = { ...IMAGE, camera: CAMERA_LABELS.cabin };
    const withConsent = { purpose: 'journeys', consent: 'journeys.1' };
    expect(outcome({ ...withConsent, frames: [signalFrame({ [CHARGE]: 5 }), cellFrame(), cabin] })).toBe('fine');
    for (const frame of [signalFrame({ [SPEED]: 5, [CHARGE]: 5 }), IMAGE, { ...STATEMENT }])
      expect(outcome({ ...withConsent, frames: [cellFrame(), frame] })).toBe('PURPOSE_UNKNOWN');
    expect(outcome({ purpose: 'journeys', frames: [{ ...STATEMENT, purpose: 'journeys' }] })).toBe('fine');
  });

  test('comes with a consent where it needs one, and with none where it does not', () => {
    expect(outcome({ purpose: 'journeys', frames: [cellFrame()] })).toBe('PURPOSE_UNKNOWN');
    expect(outcome({ purpose: 'care', consent: 'care.1' })).toBe('PURPOSE_UNKNOWN');
  });
});
