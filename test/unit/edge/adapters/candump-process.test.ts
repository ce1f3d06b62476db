import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseDbc } from '../../../../edge/adapters/candied-dbc.ts';
import { listenToBus } from '../../../../edge/adapters/candump-process.ts';
import { CanMapping } from '../../../../edge/sources/can/can-mapping.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const parsed = parseDbc(readFileSync(new URL('../../../vectors/can/signals.dbc', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error('the vectors are read elsewhere');
const bus = {
  database: parsed.value,
  mapping: CanMapping.parse({ signals: [{ signal: 'Plain.LowByte', path: 'Vehicle.Speed' }] }),
  intervalMs: 50,
  interface: 'vcan0',
};

/** A program in place of candump: this machine may have no bus. It prints what it was asked for, and stays. */
function programOf(body: string): string {
  const file = join(tempDirectory(), 'candump');
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
  return file;
}

function listen(program: string) {
  const { seen, events } = recordSource();
  const source = listenToBus({ ...bus, program }, events);
  onTestFinished(() => source.close());
  return { seen, source };
}

describe('a bus', () => {
  test('is listened to through candump, which is asked for the form of its logs', async () => {
    const { seen, source } = listen(
      programOf(
        '[ "$*" = "-L vcan0" ] || exit 9\necho "(1763600000.000000) vcan0 064#0700000000000000"\necho nonsense\nexec sleep 100',
      ),
    );
    // The bus is silent from here on; the interval is closed all the same.
    await vi.waitFor(() => expect(seen.frames).toHaveLength(1), 20_000);
    expect(seen.frames).toMatchObject([{ at: 1_763_600_000_000, signals: { 'Vehicle.Speed': 7 } }]);
    await vi.waitFor(() => expect(seen.malformed).toBe(1), 20_000);
    await source.close();
    expect([seen.faults, seen.ended]).toEqual([[], 0]);
  });

  test('without the program is a fault, and no end', async () => {
    const { seen } = listen(join(tempDirectory(), 'none'));
    await vi.waitFor(() => expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_PROGRAM']), 20_000);
    expect(seen.faults[0]?.problem.en).toContain('ENOENT');
    expect(seen.ended).toBe(0);
  });

  test('that is not there is told in the words of the program, which is started again', async () => {
    const { seen } = listen(programOf('echo "if_nametoindex: No such device" >&2\nexit 1'));
    await vi.waitFor(() => expect(seen.faults.length).toBeGreaterThanOrEqual(2), 20_000);
    expect(seen.faults[0]?.problem.en).toContain('No such device');
  });

  test('that prints a line without end costs a count, and no memory', async () => {
    const { seen } = listen(programOf('head -c 5000000 /dev/zero | tr "\\0" x; echo; exec sleep 100'));
    await vi.waitFor(() => expect(seen.malformed).toBe(1), 20_000);
  });
});
