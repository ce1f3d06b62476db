import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { runEdge, runSelfCheck } from '../../../edge/main.ts';
import type { RoleSurroundings } from '../../../proto/config/role.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { VIN_A } from '../../support/edge/made-vin.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { writeConfig, writeVehicleFiles } from '../../support/edge/vehicle-files.ts';

function surroundings(stdin: Readable = Readable.from([])) {
  const lines: string[] = [];
  const reports: Record<string, unknown>[] = [];
  const faults: string[] = [];
  let stop: () => void = () => undefined;
  const around: RoleSurroundings = {
    environment: {},
    clock: { now: () => Date.now() as Instant },
    chance: () => 0.5,
    stdin,
    out: (line) => void lines.push(line),
    err: (line) => void lines.push(line),
    fault: ({ code }) => void faults.push(code),
    report: (status) => void reports.push({ ...status }),
    stopRequested: new Promise((resolve) => {
      stop = () => resolve();
    }),
  };
  return { around, lines, reports, faults, stop: () => stop() };
}

const frame = (second: number, signals: object): string =>
  JSON.stringify({ kind: 'signals', at: new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString(), signals });

describe('tongguan edge', () => {
  test('without a configuration is a usage error', async () => {
    const { around, lines } = surroundings();
    expect(await runEdge([], around)).toBe(2);
    expect(lines).toEqual([expect.stringContaining('usage: tongguan edge --config FILE...')]);
  });

  test('with a configuration that is wrong tells every mistake and the remedy, and exits with 2', async () => {
    const { around, lines } = surroundings();
    const file = writeConfig(tempDirectory(), { vehicle: { vinFile: '' }, spol: {} });
    expect(await runEdge([file], around)).toBe(2);
    expect(lines.filter((line) => line.startsWith('edge: error:'))).toHaveLength(3);
    expect(lines.every((line) => line.includes('\nedge: hint: '))).toBe(true);
  });

  test('with identity files that are missing exits with 2 and names the key, not the VIN', async () => {
    const { around, lines } = surroundings();
    expect(
      await runEdge([writeConfig(tempDirectory(), { vehicle: { vinFile: VIN_A, secretFile: 's' } })], around),
    ).toBe(2);
    expect(lines.join()).toContain('`vehicle.vinFile`');
    expect(lines.join()).not.toContain(VIN_A);
  });

  test('that cannot open its spool or its socket exits with 1, says so, and stops the agents already running', async () => {
    const [good, bad] = [tempDirectory(), tempDirectory()];
    await writeVehicleFiles(good);
    await writeVehicleFiles(bad);
    const { around, lines } = surroundings();
    const file = writeConfig(bad, { spool: { file: `none/${VIN_A}/agent.db` } });
    expect(await runEdge([writeConfig(good), file], around)).toBe(1);
    expect(lines.join()).toContain('AGENT_NOT_STARTED');
    expect(lines.join()).not.toContain(VIN_A);
    const free = writeConfig(bad, { source: { kind: 'unix-socket', path: 'none/frames.sock' } });
    expect(await runEdge([free], around)).toBe(1);
    // Nothing of the agents that were stopped still holds their files.
    for (const directory of [good, bad]) openAgentDatabase(join(directory, 'agent.db')).close();
  });

  test('takes frames from its socket, seals them, reports, and stops when asked; what is unsent stays', async () => {
    const directory = tempDirectory();
    await writeVehicleFiles(directory);
    const file = writeConfig(directory, { sealing: { intervalMs: 10 } });
    const { around, reports, stop, faults } = surroundings();
    const running = runEdge([file], around);
    const writer = await vi.waitFor(async () => {
      const socket = connect(join(dirname(file), 'frames.sock'));
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return socket;
    }, 20_000);
    const lines = [
      frame(1, { 'Vehicle.Speed': 1, 'Vehicle.IsMoving': true }),
      'nonsense',
      frame(2, { 'Vehicle.Speed': 2 }),
    ];
    writer.end(`${lines.join('\n')}\n`);
    await vi.waitFor(() => expect(reports.at(-1)).toMatchObject({ framesSealed: 2 }), 20_000);
    stop();
    expect(await running).toBe(0);
    expect(reports.at(-1)).toMatchObject({
      ...{ role: 'edge', vehicles: 1, connected: 0, framesSealed: 2, framesWaiting: 2 },
      removed: { 'signal-not-allowed': 1, 'source-malformed': 1 },
    });
    expect(faults).toEqual([]);
  });

  test('without a valid policy starts, tells so, and collects nothing', async () => {
    const directory = tempDirectory();
    await writeVehicleFiles(directory);
    writeFileSync(join(directory, 'policy.bin'), 'no policy');
    const { around, reports, faults, stop } = surroundings(
      Readable.from([Buffer.from(`${frame(1, { 'Vehicle.Speed': 1 })}\n`)]),
    );
    const running = runEdge([writeConfig(directory, { source: { kind: 'stdin' } })], around);
    await vi.waitFor(() => expect(reports.at(-1)).toMatchObject({ removed: { 'no-policy': 1 } }), 20_000);
    stop();
    expect(await running).toBe(0);
    expect(faults).toEqual(['POLICY_MALFORMED']);
    expect(reports.at(-1)).toMatchObject({ framesSealed: 0 });
  });
});

describe('tongguan edge --self-check', () => {
  test.skipIf(process.platform !== 'linux')(
    'with --seal-to sends nothing, and reports that nobody was connected to (needs Linux)',
    async () => {
      const directory = tempDirectory();
      const sealed = join(directory, 'sealed');
      mkdirSync(sealed);
      await writeVehicleFiles(directory);
      const { around, lines } = surroundings(Readable.from([Buffer.from(`${frame(1, { 'Vehicle.Speed': 1 })}\n`)]));
      const config = writeConfig(directory, { source: { kind: 'stdin' } });
      expect(await runSelfCheck([config], '20s', around, sealed)).toBe(0);
      expect(readdirSync(sealed)).toHaveLength(1);
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ peers: [], ok: true });
    },
    60_000,
  );

  test('with a time that is none is a usage error, and starts nothing', async () => {
    const { around, lines, reports } = surroundings();
    expect(await runSelfCheck(['edge.yaml'], 'soon', around)).toBe(2);
    expect([lines.join(), reports]).toEqual([expect.stringContaining('--self-check takes a time'), []]);
  });
});
