import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openSources } from '../../../edge/open-sources.ts';
import { SourceConfig } from '../../../edge/source-config.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { recordSource } from '../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';

const CLOCK = '{"kind":"clock","at":"2020-07-18T01:07:17.000Z"}\n';
const TRACE = 'trip_id,utc,lat,lon,alt_ft\n1,2009-02-16T20:06:46Z,31.5,110.25,100\n';
const DBC = readFileSync(new URL('../../vectors/can/signals.dbc', import.meta.url), 'utf8');
const until = (check: () => void): Promise<void> => vi.waitFor(check, 20_000);

/** Opens sources in a directory with a trace, a DBC file and a mapping in it. */
async function open(
  list: readonly object[],
  files: Readonly<Record<string, string>> = {},
  stdin = Readable.from([Buffer.from(CLOCK)]),
) {
  const directory = tempDirectory();
  const mapping = 'signals: [{ signal: Plain.LowByte, path: Vehicle.Speed }]\n';
  const all = { 'trace.csv': TRACE, 'bus.dbc': DBC, 'map.yaml': mapping, 'bus.log': '(0.0) can0 064#07\n', ...files };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(directory, name), content);
  const { seen, events } = recordSource();
  const config = { sources: list.map((one) => SourceConfig.parse(one)) } as never;
  const around = { stdin, clock: { now: () => Date.UTC(2009, 1, 16) as Instant } };
  const opened = await openSources({ config, path: (relative) => join(directory, relative) }, around, events);
  if (opened.ok) onTestFinished(() => opened.value.close());
  return { directory, seen, opened };
}

const BUS = { kind: 'candump-file', file: 'bus.log', dbcFile: 'bus.dbc', mappingFile: 'map.yaml' };
const SOCKET = { kind: 'unix-socket', path: 'frames.sock' };

describe('several sources', () => {
  test('feed one agent, and end once when the last of them has ended', async () => {
    const { seen } = await open([
      { kind: 'stdin' },
      { kind: 'trace-file', file: 'trace.csv' },
      { ...BUS, startAt: '2026-11-20T09:00:00+08:00' },
    ]);
    await until(() => expect(seen.ended).toBe(1));
    expect(seen.frames.map(({ kind }) => kind).sort()).toEqual(['clock', 'fix', 'signals']);
    expect(seen.frames.find(({ kind }) => kind === 'signals')?.at).toBe(Date.UTC(2026, 10, 20, 1));
  });

  test('do not end while one of them has no end', async () => {
    const { seen, directory } = await open([{ kind: 'stdin' }, SOCKET]);
    const socket = connect(join(directory, 'frames.sock'));
    socket.end(CLOCK);
    await until(() => expect(seen.frames).toHaveLength(2));
    expect(seen.ended).toBe(0);
  });

  test('are closed again when one cannot be opened, by fault or by throw', async () => {
    const { directory, opened } = await open([SOCKET, { ...BUS, dbcFile: 'none.dbc' }]);
    expect(!opened.ok && opened.fault.code).toBe('SOURCE_FILE_UNREADABLE');
    expect(existsSync(join(directory, 'frames.sock'))).toBe(false);
    await expect(open([SOCKET, { ...SOCKET, path: 'none/frames.sock' }])).rejects.toThrow();
  });
});

describe('a source that is wrong', () => {
  test.each([
    ['a DBC file that is not understood', { 'bus.dbc': 'BO_ 5 M: 8 X\n SG_ S\n' }, 'DBC_MALFORMED'],
    ['a mapping with an unknown key', { 'map.yaml': 'signal: []\n' }, 'CONFIG_INVALID'],
    [
      'a mapping of signals that are not there',
      { 'map.yaml': 'signals: [{ signal: A.B, path: Vehicle.Speed }]\n' },
      'CAN_MAPPING_UNKNOWN',
    ],
  ])('by %s is a fault before anything is read', async (_, files, code) => {
    const { opened, seen } = await open([BUS], files);
    expect([!opened.ok && opened.fault.code, seen.frames]).toEqual([code, []]);
  });

  test.each([
    ['an unknown kind', { kind: 'serial', path: 'x' }],
    ['a key of another kind', { kind: 'stdin', path: 'x' }],
    [
      'a plain broker on another machine',
      { kind: 'mqtt', url: 'mqtt://192.168.1.5:1883', topics: ['a'], clientId: 'a' },
    ],
    [
      'a name that begins like that of this machine',
      { kind: 'mqtt', url: 'mqtt://localhost.evil:1883', topics: ['a'], clientId: 'a' },
    ],
    ['a password in the address', { kind: 'mqtt', url: 'mqtts://a:b@host:8883', topics: ['a'], clientId: 'a' }],
    [
      'a plain databroker on another machine',
      { kind: 'kuksa', databroker: 'http://10.0.0.1:55555', paths: ['Vehicle.Speed'] },
    ],
    ['a path that is none', { kind: 'kuksa', databroker: 'http://localhost:55555', paths: ['speed'] }],
    ['a camera that looks at nothing', { kind: 'image-socket', path: 's', camera: 'front' }],
    ['files with no word on what becomes of them', { kind: 'image-directory', path: 'd', camera: 'c', place: 'cabin' }],
    [
      'clouds with no word on what they are relative to',
      { kind: 'point-cloud-directory', path: 'd', sensor: 's', after: 'leave' },
    ],
    ['a day that does not exist', { ...BUS, startAt: '2026-02-30T00:00:00Z' }],
    ['an option for the program in place of an interface', { ...BUS, kind: 'socketcan', interface: '-r' }],
  ])('by %s is refused', (_, config) => {
    expect(SourceConfig.safeParse(config).success).toBe(false);
  });
});
