import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import { quietSurroundings } from '../quiet-surroundings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const BUILT = join(root, 'dist/console/index.html');
const SEED = 'console';
const LINK_MS_MAX = 150_000;
const COMMAND_MS_MAX = 60_000;
const TOLD_CHARACTERS_MAX = 65_536;

export interface Tour {
  /** Makes the first account. */
  readonly link: string;
  readonly origin: string;
  /** A person of the matrix shows by their key that the account which was made for them is theirs. */
  readonly showKey: (name: string) => void;
  readonly stop: () => Promise<void>;
}

/** What tests change of the `cloud.yaml` of the tour. */
export interface TourCloud {
  readonly datasets: readonly object[];
  readonly onFile: readonly { readonly kind: string; readonly datasets: readonly string[] }[];
}

/** The tour as `tongguan up` starts it, in real processes. @param change - what is otherwise in its `cloud.yaml` */
export async function startTour(vehicles: number, change: (cloud: TourCloud) => TourCloud): Promise<Tour> {
  if (!existsSync(BUILT)) throw new Error('the console is not built: run `make build`');
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongguan-browser-'));
  const layout = layoutOf(directory);
  const fleet = { vehicles, seed: SEED, traces: [], kind: 'tour' } as const;
  const prepared = await prepareFleet(layout, fleet, quietSurroundings());
  if (!prepared.ok) throw new Error(prepared.fault.problem.en);
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  const file = layout.config('cloud.yaml');
  const changed = change(parse(readFileSync(file, 'utf8')) as TourCloud);
  writeFileSync(file, stringify(changed, { aliasDuplicateObjects: false }));
  const args = ['up', '--data', directory, '--vehicles', String(vehicles), '--seed', SEED, '--json'];
  const up = spawn(join(root, 'bin/tongguan'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const link = await firstLink(up);
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => up.once('exit', resolve));
    if (up.exitCode === null) {
      up.kill('SIGINT');
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  const showKey = (name: string): void => {
    const wish = ['account', 'vouch', name, '--by', name, '--key', `${layout.person(name)}.key`, '--config', file];
    execFileSync(join(root, 'bin/tongguan'), wish, { timeout: COMMAND_MS_MAX, stdio: 'pipe' });
  };
  return { link, showKey, origin: new URL(link).origin, stop };
}

function firstLink(up: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = '';
    const late = setTimeout(() => reject(new Error(`the tour gave no link: ${told}`)), LINK_MS_MAX);
    up.once('exit', () => reject(new Error(`the tour ended: ${told}`)));
    up.stderr?.on('data', (piece: Buffer) => {
      told = `${told}${piece.toString()}`.slice(-TOLD_CHARACTERS_MAX);
      const found = /http:\S+\/setup#[0-9a-f]+/.exec(told)?.[0];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
  });
}
