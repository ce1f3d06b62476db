import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { runEdge } from '../../../edge/main.ts';
import type { RoleSurroundings } from '../../../proto/config/role.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { seededChance } from '../../support/edge/seeded.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { writeConfig, writeVehicleFiles } from '../../support/edge/vehicle-files.ts';

const until = (check: () => void): Promise<void> => vi.waitFor(check, 20_000);

test('garbage on every source at once is counted, and the agent goes on sealing', async () => {
  const directory = tempDirectory();
  const at = (name: string): string => join(directory, name);
  await writeVehicleFiles(directory);
  const chance = seededChance(666);
  const garbage = (): Buffer => Buffer.from(Array.from({ length: 5_000 }, () => Math.floor(chance() * 256)));
  mkdirSync(at('pictures'));
  mkdirSync(at('clouds'));
  writeFileSync(at('bus.dbc'), 'BO_ 100 M: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n');
  writeFileSync(at('map.yaml'), 'signals: [{ signal: M.S, path: Vehicle.Speed }]\n');
  writeFileSync(at('bus.log'), Buffer.concat([garbage(), Buffer.from('\n(0.1) can0 064#07\n'), garbage()]));
  writeFileSync(at('trace.csv'), Buffer.concat([Buffer.from('trip_id,utc,lat,lon,alt_ft\n'), garbage()]));
  const bus = { dbcFile: 'bus.dbc', mappingFile: 'map.yaml', startAt: '2025-01-01T00:00:00Z' };
  const file = writeConfig(directory, {
    source: undefined,
    sources: [
      { kind: 'unix-socket', path: 'frames.sock' },
      { kind: 'image-socket', path: 'camera.sock', camera: 'front', place: 'exterior' },
      { kind: 'image-directory', path: 'pictures', camera: 'rear', place: 'exterior', after: 'delete', pollMs: 10 },
      { kind: 'point-cloud-directory', path: 'clouds', sensor: 'roof', frame: 'sensor', after: 'delete', pollMs: 10 },
      { kind: 'candump-file', file: 'bus.log', ...bus },
      { kind: 'trace-file', file: 'trace.csv' },
    ],
    sealing: { intervalMs: 10 },
  });
  const reports: Record<string, unknown>[] = [];
  const faults: string[] = [];
  let stop: () => void = () => undefined;
  const around: RoleSurroundings = {
    environment: {},
    clock: { now: () => Date.now() as Instant },
    chance: () => 0.5,
    stdin: process.stdin,
    out: () => undefined,
    err: () => undefined,
    fault: ({ code }) => void faults.push(code),
    report: (status) => void reports.push({ ...status }),
    stopRequested: new Promise((resolve) => {
      stop = () => resolve();
    }),
  };
  const running = runEdge([file], around);
  await until(() => expect(reports.length).toBeGreaterThan(0));
  for (const name of ['a.jpg', 'b.png', 'c.bin', 'd.ply', 'e.las']) {
    const folder = name.endsWith('g') ? 'pictures' : 'clouds';
    writeFileSync(at(`${folder}/.${name}`), garbage().subarray(0, 4_999));
    renameSync(at(`${folder}/.${name}`), at(`${folder}/${name}`));
  }
  for (const name of ['frames.sock', 'camera.sock']) {
    const socket = connect(at(name));
    socket.on('error', () => undefined);
    socket.write(garbage());
    socket.end('\n');
  }
  const good = connect(at('frames.sock'));
  good.end('{"kind":"signals","at":"2025-01-01T00:00:09Z","signals":{"Vehicle.Speed":9}}\n');
  // One of the bus and one of the socket.
  await until(() => expect(reports.at(-1)).toMatchObject({ framesSealed: 2 }));
  await until(() => {
    const { removed } = reports.at(-1) as { readonly removed: Record<string, number> };
    expect(removed['source-malformed']).toBeGreaterThan(5 + 2 + 20);
  });
  stop();
  expect(await running).toBe(0);
  expect(faults).toEqual([]);
});
