import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { parseDbc } from '../../../../edge/adapters/candied-dbc.ts';
import { CanMapping } from '../../../../edge/sources/can/can-mapping.ts';
import { type CandumpFile, readCandumpFile } from '../../../../edge/sources/candump-file-source.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const parsed = parseDbc(readFileSync(new URL('../../../vectors/can/signals.dbc', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error('the vectors are read elsewhere');
const bus = {
  database: parsed.value,
  mapping: CanMapping.parse({ signals: [{ signal: 'Plain.LowByte', path: 'Vehicle.Speed' }] }),
  intervalMs: 1_000,
};
const START = Date.UTC(2026, 10, 20) as Instant;

async function readOut(content: string | Uint8Array, settings: Partial<CandumpFile> = {}, name = 'bus.log') {
  const file = join(tempDirectory(), name);
  writeFileSync(file, content);
  const { seen, events } = recordSource();
  const source = readCandumpFile({ ...bus, file, startAt: START, ...settings }, events);
  await vi.waitFor(() => expect(seen.ended).toBe(1), 20_000);
  await source.close();
  return seen;
}

const line = (seconds: number, byte: number, name = 'can0'): string =>
  `(${seconds.toFixed(6)}) ${name} 064#${byte.toString(16).padStart(2, '0')}00000000000000\n`;

describe('a log of candump', () => {
  const content = line(0, 1) + line(0.5, 2) + line(1.25, 3);
  const frames = [
    { kind: 'signals', at: START + 500, signals: { 'Vehicle.Speed': 2 } },
    { kind: 'signals', at: START + 1_250, signals: { 'Vehicle.Speed': 3 } },
  ];

  test('is read to its end, in an archive or not, and ends once', async () => {
    expect(await readOut(content)).toMatchObject({ frames, malformed: 0, ended: 1, faults: [] });
    expect(await readOut(gzipSync(content), {}, 'bus.log.gz')).toMatchObject({ frames, ended: 1, faults: [] });
  });

  test('with garbage in it loses the garbage and counts it', async () => {
    const seen = await readOut(
      `\n${line(0, 1)}garbage\n${'#'.repeat(300)}\n\0\n${line(0.5, 2)}${line(1.25, 3)}(2.0) can0`,
    );
    expect(seen).toMatchObject({ frames, malformed: 4, faults: [] });
  });

  test('that counts from zero needs the moment it began, and says so', async () => {
    const seen = await readOut(content, { startAt: undefined });
    expect(seen.frames).toEqual([]);
    expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_TIME_RELATIVE']);
  });

  test('with times of its own needs none', async () => {
    const seen = await readOut(line(START / 1_000, 7), { startAt: undefined });
    expect(seen.frames).toMatchObject([{ at: START }]);
  });

  test('of several interfaces gives those of one, and counts the others', async () => {
    const seen = await readOut(line(0, 1) + line(0.1, 9, 'can1'), { interface: 'can0' });
    expect(seen.frames).toMatchObject([{ signals: { 'Vehicle.Speed': 1 } }]);
    expect(seen.removed['signal-not-mapped']).toBe(4 + 1);
  });

  test('in an archive that is cut off gives what came before, and the fault', async () => {
    const long = Array.from({ length: 20_000 }, (_, index) => line(index, index % 251)).join('');
    const packed = gzipSync(long);
    const seen = await readOut(packed.subarray(0, packed.length / 2), {}, 'bus.log.gz');
    expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_FILE_UNREADABLE']);
    expect(seen.frames.length).toBeGreaterThan(1_000);
  });

  test('that is not there is a fault, and an end', async () => {
    const { seen, events } = recordSource();
    readCandumpFile({ ...bus, file: join(tempDirectory(), 'none.log') }, events);
    await vi.waitFor(() => expect(seen.ended).toBe(1));
    expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_FILE_UNREADABLE']);
  });

  test('stops when it is closed', async () => {
    const file = join(tempDirectory(), 'bus.log');
    writeFileSync(file, line(0, 1).repeat(200_000));
    const { seen, events } = recordSource();
    const source = readCandumpFile({ ...bus, file, startAt: START }, events);
    await source.close();
    expect([seen.ended, seen.faults]).toEqual([1, []]);
  });
});
