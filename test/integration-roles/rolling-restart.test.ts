import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../bin/up/free-port.ts';
import { layoutOf } from '../../bin/up/layout.ts';
import { prepareFleet } from '../../bin/up/prepare-fleet.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import type { FleetStatus } from '../../edge/status.ts';
import { type RoleProcess, roleProcess } from '../support/e2e/roles.ts';
import { ledgerExtents, releasedRows, spoolState, zoneSequences } from '../support/e2e/stores.ts';
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
    await until(all, () => {
      const fleet = edge.status<FleetStatus>();
      const isSent = sim.status<{ done: boolean }>()?.done === true && fleet?.framesWaiting === 0;
      return isSent && fleet.framesSealed > 0 && (admitted(first) ?? 0) >= fleet.framesSealed;
    });
    for (const one of [sim, edge, first]) await one.stop();
    expect([sim, first].flatMap((one) => one.errors())).toEqual([]);
    expectWhole();
  }, 300_000);

  /** Everything that was sealed is in the ledger without a gap, and in the zones once, but for trip rows that were released. */
  function expectWhole(): void {
    const extents = ledgerExtents(layout);
    const zones = zoneSequences(layout);
    let [sealed, absent] = [0, 0];
    for (const name of names) {
      const { epoch, next, waiting } = spoolState(layout, name);
      expect(waiting).toEqual([]);
      expect(extents.get(epoch)).toEqual([[0, next]]);
      const stored = zones.get(epoch) ?? new Map<number, number>();
      expect([...stored.values()].filter((times) => times !== 1)).toEqual([]);
      sealed += next;
      absent += next - stored.size;
    }
    expect(sealed).toBeGreaterThan(100);
    expect(absent).toBe(releasedRows(layout));
  }
});

/** Undefined while it stands by. */
const admitted = (one: RoleProcess): number | undefined => one.status<Partial<CloudStatus>>()?.framesAdmitted;

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 100;

/** Waits for what the processes bring about together, and says how far each of them is where that is in vain. */
async function until(processes: Readonly<Record<string, RoleProcess>>, isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += LOOK_EVERY_MS) {
    const told = Object.entries(processes).map(([name, one]) => [name, one.status(), one.errors()]);
    if (waited > PATIENCE_MS) throw new Error(`waited in vain: ${JSON.stringify(told)}`);
    await after(LOOK_EVERY_MS);
  }
}
