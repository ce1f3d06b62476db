import { expect, test } from 'vitest';
import { TERMINAL_CODEC } from '../../../bin/commands/sim-codec.ts';
import { terminalSimCommand } from '../../../firmware-sim/terminals/terminal-sim.command.ts';
import type { Instant } from '../../../proto/words/time.ts';

test('where nobody listens it says so, and what to start', async () => {
  const told: { readonly out: string[]; readonly err: string[] } = { out: [], err: [] };
  const io = {
    ...{ clock: { now: () => 0 as Instant }, codec: TERMINAL_CODEC, stopRequested: new Promise<void>(() => undefined) },
    out: (line: string) => void told.out.push(line),
    err: (line: string) => void told.err.push(line),
  };
  const args = ['--protocol', 'gb32960-2016', '--vehicles', '1', '--port', '1', '--json'];
  expect(await terminalSimCommand(args, io)).toBe(1);
  expect(JSON.parse(told.out[0] ?? '')).toMatchObject({ connected: 0, loggedIn: 0 });
  expect(told.err.join('\n')).toMatch(/nobody listens at 127\.0\.0\.1 port 1 \[SIM_UNCONNECTED\]/);
});
