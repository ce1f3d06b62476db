import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { policySignCommand } from '../../../../cloud/cli/policy-sign.command.ts';
import { acceptPolicy } from '../../../../edge/policy/policy-bundle.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const NOW = Date.UTC(2026, 6, 1) as Instant;

function signed(change: Readonly<Record<string, unknown>> = {}) {
  const directory = tempDirectory();
  const [file, keyFile, out] = ['policy.yaml', 'policy.key', 'policy.bin'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const policy = {
    id: 'fleet-north',
    version: 1,
    notBefore: '2026-01-01T00:00:00+08:00',
    expiresAt: '2027-01-01T00:00:00+08:00',
    preset: 'strict',
    tagRotation: 'daily',
    allowedPaths: ['Vehicle.Speed'],
    purposes: [
      {
        ...{ id: 'operations', consent: 'none', expiresAt: '2027-01-01T00:00:00+08:00' },
        kinds: ['signals', 'cells', 'trips'],
      },
    ],
    ...change,
  };
  writeFileSync(file, JSON.stringify(policy));
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const err: string[] = [];
  const io = {
    environment: {},
    out: () => undefined,
    err: (line: string) => void err.push(line),
    write: writeFileSync,
  };
  const status = policySignCommand({ file, keyFile, out }, io);
  const accepted = status === 0 ? acceptPolicy(readFileSync(out), publicKey, NOW, undefined) : undefined;
  return { status, told: err.join('\n'), policy: accepted?.ok ? accepted.value : undefined };
}

describe('policy sign', () => {
  test('every setting arrives on the vehicle as it was written', () => {
    const { policy } = signed({
      preset: 'strict-map',
      tagRotation: 'trip',
      position: { trimM: 3_000, stopS: 400, cellTag: 'daily' },
      fenceVersionMin: 7,
      signalRules: { 'Vehicle.Speed': { periodS: 0.5, quantum: 0.1 } },
    });
    expect(policy).toMatchObject({
      preset: 3,
      tagRotation: 3,
      position: { cellM: 10_000, timeFloorS: 86_400, trimM: 3_000, stopS: 400, cellTag: 'daily' },
      fenceVersionMin: 7,
      signalRules: new Map([['Vehicle.Speed', { path: 'Vehicle.Speed', periodMs: 500, quantumMillionths: 100_000 }]]),
    });
  });

  test('what it signs under the words, the vehicle takes', () => {
    const weaker = { preset: 'fleet', tagRotation: 'never', position: { cellM: 1_000, timeFloorS: 900 } };
    const words = 'I accept weaker than fleet: cellM, timeFloorS, tagRotation';
    expect(signed(weaker)).toMatchObject({ status: 2, told: expect.stringContaining(words) });
    expect(signed({ ...weaker, unsafeWeakerThanFleet: words }).policy?.position).toMatchObject({
      cellM: 1_000,
      timeFloorS: 900,
    });
  });

  test.each([
    ['an unknown key', { trimM: 1_000 }, 'trimM'],
    ['an unknown setting', { position: { trim: 1_000 } }, 'position'],
    ['a preset of nobody', { preset: 'precise' }, 'preset'],
    ['a setting out of bounds', { preset: 'fleet', position: { stopS: 60 } }, 'position.stopS'],
    ['a half metre', { preset: 'fleet', position: { trimM: 1_000.5 } }, 'position.trimM'],
    ['cells of 2 km', { preset: 'fleet', position: { cellM: 2_000 } }, 'position.cellM'],
    ['a setting that `strict` has none of', { position: { trimM: 2_000 } }, 'position.trimM'],
    ['words for nothing', { unsafeWeakerThanFleet: 'yes' }, 'unsafeWeakerThanFleet'],
    [
      'a rule for a path that is not allowed',
      { signalRules: { 'Vehicle.IsMoving': { periodS: 1 } } },
      'signalRules.Vehicle.IsMoving',
    ],
    ['a quantum below a millionth', { signalRules: { 'Vehicle.Speed': { quantum: 1e-7 } } }, 'quantum'],
    ['a quantum of no whole millionths', { signalRules: { 'Vehicle.Speed': { quantum: 1 / 3 } } }, 'quantum'],
    ['a period of two days', { signalRules: { 'Vehicle.Speed': { periodS: 172_800 } } }, 'periodS'],
    ['a fence version of zero', { fenceVersionMin: 0 }, 'fenceVersionMin'],
  ])('refuses %s and names the key', (_, change, key) => {
    const { status, told } = signed(change);
    expect(status).toBe(2);
    expect(told).toContain(key);
  });
});
