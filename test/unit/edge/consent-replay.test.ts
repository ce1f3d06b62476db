import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { EdgeConfig } from '../../../edge/config.ts';
import { readIdentity } from '../../../edge/identity.ts';
import { type RunningAgent, runAgent } from '../../../edge/run-agent.ts';
import { POSITION_PRESETS, PURPOSE_CONSENTS } from '../../../proto/codec/control-codec.ts';
import { decodeSealedBatch, decodeSignedBatch, type SealedBatch } from '../../../proto/codec/telemetry-codec.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import { parseRow, recogniseHeader, type TracePoint } from '../../../proto/traces/trace-format.ts';
import { type Instant, toIso } from '../../../proto/words/time.ts';
import { CHARGE, SPEED, signedBundle } from '../../support/edge/policies.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { writeConfig, writeVehicleFiles } from '../../support/edge/vehicle-files.ts';

const TRACE = new URL('../../../../shared/data/trajectories/geolife/128.csv.gz', import.meta.url);
const POINTS = 2_000;

/** The first points of a real drive; they stay outside of the repository. */
function drive(): readonly TracePoint[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(TRACE)).toString('utf8').trim().split('\n');
  const format = recogniseHeader(header.trim().split(','));
  if (format === undefined) throw new Error('the trace has a form that is known');
  const points = lines.slice(0, POINTS).map((line) => parseRow(format, line.trim().split(',')));
  return points.flatMap((point) => (point.ok ? [point.value] : []));
}

const framesOf = ({ at, latitude, longitude }: TracePoint): string => {
  const time = toIso(at);
  const fix = { kind: 'fix', at: time, latitude, longitude };
  const signals = { kind: 'signals', at: time, signals: { [SPEED]: 40, [CHARGE]: 60 } };
  return `${JSON.stringify(fix)}\n${JSON.stringify(signals)}\n`;
};

const clock = { now: () => Date.UTC(2026, 6, 1) as Instant };

async function start(config: string, sealTo?: string): Promise<RunningAgent> {
  const loaded = readConfig(EdgeConfig, config, 'edge', {});
  if (!loaded.ok) throw new Error(loaded.fault.map(({ problem }) => problem.en).join());
  const identity = readIdentity(loaded.value, clock);
  if (!identity.ok) throw new Error(identity.fault.code);
  const quiet = { onFault: () => undefined, onEnd: () => undefined, stdin: Readable.from([]), chance: () => 0.5 };
  const started = await runAgent(loaded.value, identity.value, { ...quiet, clock, sealTo });
  if (!started.ok) throw new Error(started.fault.code);
  return started.value;
}

/** One line to a socket, and the line of its answer. */
function say(socket: string, line: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const client = connect(socket, () => client.write(`${JSON.stringify(line)}\n`));
    client.once('error', reject).once('data', (answer) => {
      client.destroy();
      resolve(JSON.parse(answer.toString()));
    });
  });
}

function sealedIn(directory: string): readonly SealedBatch[] {
  const files = readdirSync(directory).filter((name) => name.endsWith('.batch'));
  return files.flatMap((name) => {
    const signed = decodeSignedBatch(readFileSync(join(directory, name)));
    const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : signed;
    return batch.ok ? [batch.value] : [];
  });
}

const title =
  'a real drive: what its consent covers is withdrawn in the middle of it, and never leaves, restart and all';
const present = existsSync(TRACE);
test.skipIf(!present)(
  present ? title : `${title} (skipped: ../shared/data is absent)`,
  { timeout: 30_000 },
  async () => {
    const directory = tempDirectory();
    await writeVehicleFiles(directory);
    const expiresAtMs = Date.UTC(2029, 0, 1);
    writeFileSync(
      join(directory, 'policy.bin'),
      signedBundle({
        allowedPaths: [SPEED, CHARGE],
        preset: POSITION_PRESETS.fleet,
        purposes: [
          { id: 'care', consent: PURPOSE_CONSENTS.none, expiresAtMs },
          { id: 'journeys', consent: PURPOSE_CONSENTS.driver, expiresAtMs },
        ],
        pathPurposes: Uint8Array.of(2, 1),
        kindPurposes: { cells: 2, trips: 2 },
      }),
    );
    const display = join(directory, 'consents.sock');
    const config = writeConfig(directory, { consents: { socket: 'consents.sock' } });
    const points = drive();
    const [first] = points;
    if (first === undefined) throw new Error('the trace has points');
    const agent = await start(config);
    const source = connect(join(directory, 'frames.sock'));
    const feed = async (some: readonly TracePoint[], upTo: number): Promise<void> => {
      source.write(some.map(framesOf).join(''));
      await vi.waitFor(() => expect(agent.status().removed['position']).toBe(upTo), { timeout: 10_000 });
    };
    await feed([first], 1);
    const shown = (await say(display, { consent: 'show' })) as {
      number: number;
      purposes: readonly { id: string; scope: string; state: string }[];
    };
    const { scope, state } = shown.purposes.find(({ id }) => id === 'journeys') ?? {};
    expect(state).toBe('asked');
    const until = toIso((first.at + 30 * 86_400_000) as Instant);
    const grant = { consent: 'grant', purpose: 'journeys', subjects: 'driver', scope, until, number: 1 };
    expect(await say(display, grant)).toEqual({ ok: true });
    const half = Math.floor(points.length / 2);
    await feed(points.slice(1, half), half);
    agent.flush();
    const before = agent.status().framesWaiting + agent.status().framesHeld;
    expect(before).toBeGreaterThan(half);
    const withdrawn = await say(display, { consent: 'withdraw', purpose: 'journeys' });
    expect(withdrawn['removed']).toBeGreaterThan(half / 2);
    expect(await say(display, grant)).toMatchObject({ ok: false, code: 'CONSENT_OLDER' });
    await feed(points.slice(half), points.length);
    expect(agent.status()).toMatchObject({ consentsEnded: 1 });
    source.destroy();
    await agent.stop();

    const sealed = tempDirectory();
    const again = await start(config, sealed);
    await vi.waitFor(() => expect(again.status().framesWaiting).toBe(0), { timeout: 10_000 });
    await again.stop();
    const left = sealedIn(sealed);
    const frames = left.flatMap((batch) => batch.frames);
    const paths = new Set(
      frames.flatMap((frame) => (frame.kind === 'signals' ? frame.signals.map(({ path }) => path) : [])),
    );
    expect([...paths]).toEqual([CHARGE]);
    expect(new Set(left.map(({ purpose, consent = '' }) => `${purpose} ${consent}`.trim()))).toEqual(
      new Set(['care', 'journeys']),
    );
    expect(frames.filter(({ kind }) => kind !== 'signals')).toEqual([
      { kind: 'withdrawal', purpose: 'journeys', cause: 0, removed: withdrawn['removed'] },
    ]);
  },
);
