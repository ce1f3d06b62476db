import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readDbc } from '../../../../../edge/adapters/can-files.ts';
import { isPresent, messageKey, rawValue } from '../../../../../edge/sources/can/can-database.ts';
import { type CanFrame, parseCandumpLine } from '../../../../../edge/sources/can/can-frame.ts';
import { readLog } from '../../../../../edge/sources/read-log.ts';

/** Logs of real buses; their licences keep them out of the repository. */
const CAN = fileURLToPath(new URL('../../../../../../shared/data/can/', import.meta.url));
const ORACLE = fileURLToPath(new URL('../../../../vectors/can/make-vectors.py', import.meta.url));
const hasLogs = existsSync(`${CAN}zeekr001_battery.candump.log.gz`);
const hasOracle = hasLogs && spawnSync('python3', ['-c', 'import cantools']).status === 0;

async function framesOf(log: string): Promise<readonly CanFrame[]> {
  const frames: CanFrame[] = [];
  const onLine = (line: string): undefined => {
    const frame = parseCandumpLine(line);
    if (frame === undefined || frame === 'no-data') throw new Error('a line of the log was refused');
    frames.push(frame);
  };
  const reader = { onLine, onTooLong: () => onLine('') };
  await readLog(`${CAN}${log}.candump.log.gz`, 256, reader, new AbortController().signal);
  return frames;
}

describe('logs of real vehicles', () => {
  test.runIf(hasLogs).each([
    ['zeekr001_battery', 10_607, 41],
    ['bmw_i3', 42_089, 79],
    ['taycan_drive_park_reverse', 7_277, 171],
    ['byd_atto3_15s', 508, 2],
  ])('%s is read to its end (needs ../shared/data/can)', async (log, count, ids) => {
    const frames = await framesOf(log);
    expect([frames.length, new Set(frames.map(({ id }) => id)).size]).toEqual([count, ids]);
  });

  test.runIf(hasLogs).each([
    ['bmw_i3_pt_can2', 90, 258],
    ['geely_sea_platform', 48, 8],
    ['opendbc_gwm_haval_h6_phev_2024', 27, 135],
    ['opendbc_tesla_model3_vehicle', 11, 209],
  ])('%s is parsed whole, but for signals that are on no bus (needs ../shared/data/can)', (name, messages, signals) => {
    const database = readDbc(`${CAN}${name}.dbc`);
    if (!database.ok) throw new Error(database.fault.problem.en);
    const all = [...database.value.values()];
    expect([all.length, all.reduce((sum, one) => sum + one.signals.size, 0)]).toEqual([messages, signals]);
  });

  test.runIf(hasOracle).each([
    ['zeekr001_battery', 'geely_sea_platform', 1_500],
    ['bmw_i3', 'bmw_i3_pt_can2', 70_000],
  ])('%s decodes to what cantools makes of it (needs python3 with cantools)', (log, dbc, least) => {
    const database = readDbc(`${CAN}${dbc}.dbc`);
    if (!database.ok) throw new Error(database.fault.problem.en);
    const files = [`${CAN}${dbc}.dbc`, `${CAN}${log}.candump.log.gz`];
    const { stdout, stderr } = spawnSync('python3', [ORACLE, ...files], { encoding: 'utf8', maxBuffer: 500_000_000 });
    expect(stderr).toBe('');
    let compared = 0;
    for (const line of stdout.split('\n').filter((one) => one !== '')) {
      const [id, hex, values] = JSON.parse(line) as [number, string, Record<string, number> | null];
      const message = database.value.get(messageKey(id, false));
      // Where a multiplexor has a value that the file does not know, cantools gives up the whole frame.
      if (message === undefined || values === null) continue;
      const bytes = Buffer.from(hex, 'hex');
      const own: Record<string, number> = {};
      for (const signal of message.signals.values()) {
        const raw = isPresent(message, signal, bytes) ? rawValue(bytes, signal.layout) : undefined;
        if (raw !== undefined) own[signal.name] = raw * signal.factor + signal.offset;
      }
      expect(Object.keys(own).sort()).toEqual(Object.keys(values).sort());
      for (const [name, value] of Object.entries(own)) {
        if (Math.abs(value - (values[name] ?? Number.NaN)) > 1e-9) throw new Error(`${message.name}.${name} of ${hex}`);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(least);
  });
});
