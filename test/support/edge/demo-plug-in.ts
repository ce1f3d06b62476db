import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfidentialityPlugIn } from '../../../edge/adapters/confidentiality-process.ts';
import { MORNING } from './candidates.ts';
import { tempDirectory } from './temp-directory.ts';

/** What a stand-in does with a request. None of it is an algorithm of anybody's: positions are moved by a fixed amount. */
export type Behaviour =
  | 'moves'
  | 'refuses'
  | 'sleeps'
  | 'ends'
  | 'babbles'
  | 'too-few'
  | 'floods'
  | 'wrong-id'
  | 'ends-later';

/** Writes a stand-in for an operator's plug-in, which only tests know, and gives what an agent would be configured with. */
export function demoPlugIn(behaviour: Behaviour, change: Partial<ConfidentialityPlugIn> = {}): ConfidentialityPlugIn {
  const executable = join(tempDirectory(), 'demo-plug-in.cjs');
  writeFileSync(executable, `#!${process.execPath}\n${PROGRAM}`);
  chmodSync(executable, 0o755);
  const [validFromMs, validUntilMs] = [MORNING - 1_000 * DAY_MS, MORNING + 10_000 * DAY_MS];
  return {
    attestation: { id: 'demo', certificate: 'TEST-0001', validFromMs, validUntilMs },
    ...{ executable, arguments: [behaviour], sha256: sha256Of(executable), datum: 'WGS-84', timeLimitMs: 5_000 },
    ...change,
  };
}

export const sha256Of = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const DAY_MS = 86_400_000;

const PROGRAM = `
const behaviour = process.argv[2];
let answered = 0;
const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, fixes } = JSON.parse(line);
  const moved = fixes.map(({ latitude, longitude }) => ({ latitude: latitude + 0.001, longitude }));
  if (Object.keys(process.env).some((name) => !name.startsWith('__'))) return process.exit(3);
  if (behaviour === 'refuses') say({ id, refused: true });
  else if (behaviour === 'ends') process.exit(1);
  else if (behaviour === 'babbles') process.stdout.write('hello\\n');
  else if (behaviour === 'too-few') say({ id, fixes: moved.slice(1) });
  else if (behaviour === 'floods') process.stdout.write('x'.repeat(100000) + '\\n');
  else if (behaviour === 'wrong-id') say({ id: id + 1, fixes: moved });
  else if (behaviour === 'ends-later' && answered++ > 0) process.exit(1);
  else if (behaviour !== 'sleeps') say({ id, fixes: moved });
}).on('close', () => process.exit(0));
`;
