import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { EdgeConfig } from '../../../edge/config.ts';
import { runEdge } from '../../../edge/main.ts';
import { SourceConfig } from '../../../edge/source-config.ts';
import { CanMapping } from '../../../edge/sources/can/can-mapping.ts';
import { decodeSealedBatch, decodeSignedBatch } from '../../../proto/codec/telemetry-codec.ts';
import type { RoleSurroundings } from '../../../proto/config/role.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { signedBundle } from '../../support/edge/policies.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { writeVehicleFiles } from '../../support/edge/vehicle-files.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const CAN = fileURLToPath(new URL('../../../../shared/data/can/', import.meta.url));
const examples = readdirSync(`${DOCS}examples`);
const yaml = (name: string): unknown => parse(readFileSync(`${DOCS}examples/${name}`, 'utf8'));

describe('examples', () => {
  test.each(examples.filter((name) => name.startsWith('edge-')))('%s is a configuration', (name) => {
    expect(EdgeConfig.safeParse(yaml(name)).error).toBeUndefined();
  });

  test.each(examples.filter((name) => name.startsWith('can-mapping-')))('%s is a mapping', (name) => {
    expect(CanMapping.safeParse(yaml(name)).error).toBeUndefined();
  });

  test('every source that docs/sources.md shows is one, and so is its mapping', () => {
    const fences = [
      ...readFileSync(new URL('../../../docs/sources.md', import.meta.url), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
    ];
    const shown = fences.map(([, body = '']) => parse(body) as Record<string, unknown> | unknown[]);
    const sources = shown.flatMap((one) =>
      Array.isArray(one) ? one : [one['source'] ?? [], one['sources'] ?? []].flat(),
    );
    expect(sources.length).toBeGreaterThanOrEqual(9);
    for (const source of sources) expect(SourceConfig.safeParse(source).error).toBeUndefined();
    const mappings = shown.filter((one) => !Array.isArray(one) && 'signals' in one);
    expect(mappings.map((one) => CanMapping.safeParse(one).success)).toEqual([true]);
  });
});

const hasLogs = existsSync(`${CAN}zeekr001_battery.candump.log.gz`);

test.runIf(hasLogs)('edge-candump.yaml seals the signals of a real log (needs ../shared/data/can)', async () => {
  const directory = tempDirectory();
  await writeVehicleFiles(directory);
  const sealed = join(directory, 'sealed');
  mkdirSync(sealed);
  for (const name of examples) copyFileSync(`${DOCS}examples/${name}`, join(directory, name));
  for (const name of ['zeekr001_battery.candump.log.gz', 'geely_sea_platform.dbc']) {
    copyFileSync(`${CAN}${name}`, join(directory, basename(name)));
  }
  const battery = 'Vehicle.Powertrain.TractionBattery';
  const allowedPaths = [`${battery}.CurrentVoltage`, `${battery}.CellVoltage.Max`];
  const bundle = signedBundle({ allowedPaths });
  writeFileSync(join(directory, 'policy.bin'), bundle);
  const lines: string[] = [];
  const reports: Record<string, unknown>[] = [];
  const around: RoleSurroundings = {
    environment: {},
    clock: { now: () => Date.now() as Instant },
    chance: () => 0.5,
    stdin: process.stdin,
    out: (line) => void lines.push(line),
    err: (line) => void lines.push(line),
    fault: ({ code }) => void lines.push(code),
    report: (status) => void reports.push({ ...status }),
    stopRequested: new Promise(() => undefined),
  };
  expect(await runEdge([join(directory, 'edge-candump.yaml')], around, sealed)).toBe(0);
  expect(lines).toEqual(['edge: 1 agent(s) running']);
  const frames = readdirSync(sealed).flatMap((name) => {
    const signed = decodeSignedBatch(readFileSync(join(sealed, name)));
    const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : signed;
    return batch.ok ? batch.value.frames : [];
  });
  const signals = frames.flatMap((frame) => (frame.kind === 'signals' ? frame.signals : []));
  expect(new Set(signals.map(({ path }) => path))).toEqual(new Set(allowedPaths));
  // As the public DBC decodes them; docs/examples/can-mapping-geely.yaml says what to think of it.
  expect(signals.find(({ path }) => path.endsWith('.CurrentVoltage'))?.value).toBe(32_569);
  expect(signals.find(({ path }) => path.endsWith('.Max'))?.value).toBeCloseTo(29.601, 6);
  const { removed } = reports.at(-1) as { readonly removed: Record<string, number> };
  expect(removed).toMatchObject({ 'signal-not-mapped': expect.any(Number), 'signal-not-allowed': expect.any(Number) });
});
