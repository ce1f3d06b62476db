import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../bin/up/free-port.ts';
import { layoutOf } from '../../bin/up/layout.ts';
import { prepareFleet } from '../../bin/up/prepare-fleet.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import { type RoleProcess, roleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry, until } from '../support/e2e/run-dry.ts';
import { traceSet } from '../support/e2e/traces.ts';
import { quietSurroundings } from '../support/quiet-surroundings.ts';

const OVER_SECONDS = 20;
const main = fileURLToPath(new URL('../../dist/bin/main.js', import.meta.url));
const isWanted = process.env['TONGGUAN_INTEGRATION'] === '1';

describe.skipIf(!isWanted)('a cloud that is restarted while vehicles send (needs `make integration`)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-rolling-'));
  const layout = layoutOf(join(directory, 'data'));
  const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  const traces = traceSet(join(directory, 'traces')).files.slice(-3);
  let names: readonly string[];
  let mqttPort: number;

  const cloud = (name: string): RoleProcess => {
    const args = [main, 'cloud', '--config', layout.config('cloud.yaml'), '--standby'];
    const made = roleProcess(name, args, { TONGGUAN_CLOUD__MQTT__PORT: String(mqttPort) });
    open.push(made.kill);
    return made;
  };

  beforeAll(async () => {
    const prepared = await prepareFleet(layout, { vehicles: undefined, seed: 'rolling', traces }, quietSurroundings());
    if (!prepared.ok) throw new Error(prepared.fault.problem.en);
    names = prepared.value.names;
    mqttPort = await freePort();
    mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  });

  afterAll(async () => {
    for (const close of open.reverse()) await close();
  });

  test('asked to stop, and killed: the one that stands by takes over, and every frame is stored once', async () => {
    const [first, second] = [cloud('first'), cloud('second')];
    const edgeConfigs = names.map((name) => layout.config(`edge/${name}.yaml`));
    const edge = roleProcess('edge', [main, 'edge', '--config', ...edgeConfigs], {
      TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${mqttPort}`,
    });
    const simArgs = ['--sockets', layout.sockets, '--seed', 'rolling', '--over', String(OVER_SECONDS)];
    const sim = roleProcess('sim', [main, 'sim', ...simArgs, '--traces', ...traces]);
    open.push(edge.kill, sim.kill);
    const all = { first, second, edge, sim };
    await first.start();
    await until(all, () => admitted(first) !== undefined);
    await second.start();
    expect(second.status()).toEqual({ role: 'cloud', part: 'all', standing: 'by' });
    await edge.start();
    await sim.start();

    await until(all, () => (admitted(first) ?? 0) > 0);
    await first.stop();
    await until(all, () => (admitted(second) ?? 0) > 0);
    const before = admitted(second) ?? 0;
    await first.start();
    expect(first.status()).toEqual({ role: 'cloud', part: 'all', standing: 'by' });
    await until(all, () => (admitted(second) ?? 0) > before);
    await second.kill();
    await runDry(all, () => admitted(first) ?? 0);
    await first.stop();
    expect([sim, first].flatMap((one) => one.errors())).toEqual([]);
    expectWhole(layout, names);
  }, 300_000);
});

/** Undefined while it stands by. */
const admitted = (one: RoleProcess): number | undefined => one.status<Partial<CloudStatus>>()?.framesAdmitted;
