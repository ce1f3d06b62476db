import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fencesCheckCommand, fencesSignCommand } from '../../../../cloud/cli/policy-fences.command.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { degreesAt, type Spot } from '../../../support/edge/map.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** An invented country of places, and one square. */
function writeFiles(change: Readonly<Record<string, string>> = {}, yaml: Readonly<Record<string, unknown>> = {}) {
  const directory = tempDirectory();
  const places = Array.from({ length: 2_500 }, (_, index) =>
    degreesAt([(index % 50) * 2_000, Math.floor(index / 50) * 2_000]),
  );
  const ring = (
    [
      [0, 0],
      [300, 0],
      [300, 300],
      [0, 0],
    ] as readonly Spot[]
  ).map(degreesAt);
  const polygon = { type: 'Polygon', coordinates: [ring.map(({ latitude, longitude }) => [longitude, latitude])] };
  const files: Record<string, string> = {
    'areas.geojson': JSON.stringify({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { name: 'invented' }, geometry: polygon }],
    }),
    'places.csv': ['lat,lon', ...places.map(({ latitude, longitude }) => `${latitude},${longitude}`)].join('\n'),
    'fences.secret': 's'.repeat(32),
    'policy.key': privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    'policy.pub': publicKey.export({ type: 'spki', format: 'pem' }) as string,
    'fences.yaml': JSON.stringify({
      id: 'made-up',
      version: 2,
      notBefore: '2026-01-01T00:00:00+08:00',
      expiresAt: '2027-01-01T00:00:00+08:00',
      decoysPerFence: 4,
      areasFile: 'areas.geojson',
      placesFile: 'places.csv',
      secretFile: 'fences.secret',
      ...yaml,
    }),
    ...change,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return (name: string) => join(directory, name);
}

function io(now = Date.UTC(2026, 6, 1)) {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    told: { out, err },
    environment: {},
    clock: { now: () => now as Instant },
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    write: writeFileSync,
  };
}

const signWith = (file: (name: string) => string, around = io()) => ({
  status: fencesSignCommand(
    { file: file('fences.yaml'), keyFile: file('policy.key'), out: file('fences.bin') },
    around,
  ),
  told: around.told,
});

describe('policy fences', () => {
  test('what is signed is what check tells, and nothing in it stands out', () => {
    const file = writeFiles();
    expect(signWith(file).status).toBe(0);
    const checked = io();
    expect(fencesCheckCommand({ file: file('fences.bin'), keyFile: file('policy.pub') }, checked)).toBe(0);
    expect(checked.told.out[0]).toMatch(/^made-up version 2, 5 polygons, 4 decoys a fence, /);
    expect(readFileSync(file('fences.bin')).toString('latin1')).not.toContain('invented');
  });

  test('check refuses another key, noise, and what has expired', () => {
    const file = writeFiles();
    signWith(file);
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    writeFileSync(file('other.pub'), other);
    writeFileSync(file('noise.bin'), 'noise');
    const statusOf = (name: string, key: string, now?: number) =>
      fencesCheckCommand({ file: file(name), keyFile: file(key) }, io(now));
    expect([
      statusOf('fences.bin', 'other.pub'),
      statusOf('noise.bin', 'policy.pub'),
      statusOf('gone.bin', 'policy.pub'),
    ]).toEqual([1, 1, 1]);
    expect([statusOf('fences.bin', 'policy.pub'), statusOf('fences.bin', 'policy.pub', Date.UTC(2028, 0, 1))]).toEqual([
      0, 1,
    ]);
  });

  test.each([
    ['three decoys', {}, { decoysPerFence: 3 }, 2],
    ['an unknown key', {}, { areas: 'x' }, 2],
    ['no version', {}, { version: 0 }, 2],
    ['a short secret', { 'fences.secret': 'short' }, {}, 1],
    ['areas that are no JSON', { 'areas.geojson': 'SECRET-PLACE' }, {}, 1],
    [
      'areas that are no polygons',
      {
        'areas.geojson':
          '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[110.123456,31]}}]}',
      },
      {},
      1,
    ],
    [
      'a ring that is not closed',
      {
        'areas.geojson':
          '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[110.123456,31],[110.2,31],[110.2,31.1],[110.1,31.1]]]}}]}',
      },
      {},
      1,
    ],
    [
      'a corner abroad',
      {
        'areas.geojson':
          '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[2,48],[2.1,48],[2.1,48.1],[2,48]]]}}]}',
      },
      {},
      1,
    ],
    ['places without a header', { 'places.csv': '31.123456,110\n' }, {}, 1],
    ['a place that is none', { 'places.csv': 'lat,lon\n31.123456,\n' }, {}, 1],
    ['no room for decoys', { 'places.csv': 'lat,lon\n31.3,120.1\n' }, {}, 1],
  ])('sign refuses %s, and quotes nothing of a file', (_, files, yaml, status) => {
    const file = writeFiles(files, yaml);
    const signed = signWith(file);
    expect(signed.status).toBe(status);
    expect(signed.told.err.join('\n')).toMatch(/policy: error: /);
    expect(signed.told.err.join('\n')).not.toMatch(/SECRET-PLACE|123456/);
  });
});
