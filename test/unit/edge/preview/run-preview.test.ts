import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type PreviewArgs, runPreview } from '../../../../edge/run-preview.ts';
import { POSITION_PRESETS } from '../../../../proto/codec/control-codec.ts';
import type { RoleSurroundings } from '../../../../proto/config/role.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { MORNING } from '../../../support/edge/candidates.ts';
import { fixesOf } from '../../../support/edge/itinerary.ts';
import { degreesOfPosition } from '../../../support/edge/map.ts';
import { POLICY_KEY, SPEED, signedBundle, withWrongSignature } from '../../../support/edge/policies.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const NOW = Date.UTC(2026, 6, 1) as Instant;

function linesOfADrive(): readonly string[] {
  const parked = [{ kind: 'clock', at: MORNING - 3_600_000 }];
  const there = fixesOf({ from: [0, 0], at: MORNING }, [{ go: [25_000, 0] }]).map(({ at, position }) => ({
    kind: 'fix',
    at,
    ...degreesOfPosition(position),
  }));
  const last = there.at(-1)?.at ?? MORNING;
  const after = [
    { kind: 'signals', at: last, signals: { [SPEED]: 42, 'Vehicle.TraveledDistance': 1 } },
    { kind: 'clock', at: last + 7_200_000 },
  ];
  return [...parked, ...there, ...after].map((frame) =>
    JSON.stringify({ ...frame, at: new Date(frame.at).toISOString() }),
  );
}

function rigOf(preset: keyof typeof POSITION_PRESETS, lines: readonly string[], bundle?: Uint8Array) {
  const directory = tempDirectory();
  const [policyFile, keyFile] = [join(directory, 'policy.bin'), join(directory, 'policy.pub')];
  writeFileSync(policyFile, bundle ?? signedBundle({ preset: POSITION_PRESETS[preset], allowedPaths: [SPEED] }));
  writeFileSync(keyFile, POLICY_KEY.export({ type: 'spki', format: 'pem' }) as string);
  const [out, err]: [string[], string[]] = [[], []];
  const around: RoleSurroundings = {
    environment: {},
    clock: { now: () => NOW },
    chance: () => 0.5,
    stdin: Readable.from([Buffer.from(lines.map((line) => `${line}\n`).join(''))]),
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    fault: () => undefined,
    report: () => undefined,
    stopRequested: new Promise(() => undefined),
  };
  const args: PreviewArgs = { source: '-', policyFile, keyFile, json: false };
  return {
    out,
    err,
    directory,
    run: (change: Partial<PreviewArgs> = {}) => runPreview({ ...args, ...change }, around),
  };
}

describe('preview', () => {
  test('the table says what is known, what leaves, and why the rest stays', async () => {
    const { run, out } = rigOf('strict', linesOfADrive());
    expect(await run()).toBe(0);
    const text = out.join('\n');
    expect(text).toMatch(/^Vehicle\.Speed +1 +1$/m);
    expect(text).toMatch(/^Vehicle\.TraveledDistance +1 +0$/m);
    expect(text).toMatch(/^positions +\d+ +0$/m);
    expect(text).toMatch(/^trip rows \(no geometry, held back\) +0 +1$/m);
    expect(text).toMatch(/^signal-not-allowed +1$/m);
    expect(text).not.toContain('cells');
  });

  test('--json has every frame with what became of it; what leaves holds no degree of the track', async () => {
    const lines = linesOfADrive();
    const { run, out } = rigOf('strict', [...lines, 'nonsense']);
    expect(await run({ json: true })).toBe(0);
    const shown = JSON.parse(out[0] ?? '') as { frames: { leaves: unknown[] }[]; malformed: number };
    expect([shown.frames.length, shown.malformed]).toEqual([lines.length, 1]);
    const leaves = JSON.stringify(shown.frames.flatMap((frame) => frame.leaves));
    expect(leaves).toContain('"kind":"trip"');
    expect(leaves).not.toMatch(/latitude|longitude/);
  });

  test('--html draws track and cells, for its owner only, with nothing fetched and nothing of another place', async () => {
    const { run, directory } = rigOf('fleet', linesOfADrive());
    const htmlFile = join(directory, 'preview.html');
    expect(await run({ htmlFile })).toBe(0);
    const page = readFileSync(htmlFile, 'utf8');
    expect(page).toContain('<polyline class="track"');
    expect(page).not.toMatch(/https?:|<script|<img|url\(/);
    expect(statSync(htmlFile).mode & 0o777).toBe(0o600);
  });

  test('a policy that is not signed shows nothing', async () => {
    const { run, out, err } = rigOf('strict', linesOfADrive(), withWrongSignature(signedBundle()));
    expect(await run()).toBe(2);
    expect([out, err.join()]).toEqual([[], expect.stringContaining('POLICY_UNSIGNED')]);
  });

  test('lines of which none is a frame are no empty preview', async () => {
    const named = linesOfADrive().map((line) => line.replace('{', '{"vehicle":"v0001",'));
    const { run, out, err, directory } = rigOf('strict', named);
    const htmlFile = join(directory, 'preview.html');
    expect(await run({ htmlFile })).toBe(2);
    expect([out, err.join()]).toEqual([[], expect.stringContaining('PREVIEW_WITHOUT_FRAMES')]);
    expect(existsSync(htmlFile)).toBe(false);
  });

  test('a source that is not there is told', async () => {
    const { run, directory, err } = rigOf('strict', []);
    expect(await run({ source: join(directory, 'none') })).toBe(2);
    expect(err.join()).toContain('FILE_UNREADABLE');
  });
});
