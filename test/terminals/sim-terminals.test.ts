import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TERMINAL_CODEC } from '../../bin/commands/sim-codec.ts';
import type { MessageWords } from '../../firmware-sim/terminals/codec.ts';
import { LIST_FILE, provisionTerminals } from '../../firmware-sim/terminals/provision.ts';
import { runTerminals, type TerminalSummary } from '../../firmware-sim/terminals/run-terminals.ts';
import { planTerminal } from '../../firmware-sim/terminals/terminal-plan.ts';
import type { Instant } from '../../proto/words/time.ts';
import { NOW } from '../support/cloud/batches.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { registerTerminal } from '../support/cloud/terminal-run.ts';
import { readingsIn, serveScratch, zonesOf } from '../support/cloud/terminal-zones.ts';

const OPTIONS = { vehicles: 3, seed: 'test', host: '127.0.0.1', everyMs: 5, reports: 4, connectRate: 1_000 };

/** A second more each time somebody looks. */
function run(protocol: 'gb32960-2016' | 'gb32960-2025' | 'jt808', port: number): Promise<TerminalSummary> {
  let now = NOW - 600_000;
  const clock = {
    now: () => {
      now += 1_000;
      return now as Instant;
    },
  };
  const io = { clock, codec: TERMINAL_CODEC, stopRequested: new Promise<void>(() => undefined) };
  return runTerminals({ ...OPTIONS, protocol, port }, { ...io, onProgress: () => undefined });
}

test.each(['gb32960-2016', 'gb32960-2025'] as const)(
  'terminals of %s report into the zones, each report once',
  async (protocol) => {
    const { stores, terminals, directory, close } = await serveScratch([], '');
    for (let ordinal = 1; ordinal <= OPTIONS.vehicles; ordinal += 1) {
      const { vin, iccid } = planTerminal('test', ordinal);
      registerTerminal(stores, vin, iccid);
    }
    expect(await run(protocol, terminals.status().port)).toEqual({
      ...{ terminals: 3, connected: 3, loggedIn: 3, sent: 12, acknowledged: 12, refused: 0, unanswered: 0, broken: 0 },
    });
    await close();
    const latitudes = readingsIn(zonesOf(directory)['geographic']?.records ?? []).filter(
      ({ path }) => path === 'gb32960.position.latitude',
    );
    expect(latitudes.length).toBe(12);
  },
);

test('a terminal that nobody registered is told so, and none of its reports is sent', async () => {
  const { terminals } = await serveScratch([], '');
  expect(await run('gb32960-2016', terminals.status().port)).toMatchObject({ loggedIn: 0, sent: 0, broken: 3 });
});

test('terminals of JT/T 808 register, authenticate with the code they were given, report and deregister', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on(
      'data',
      TERMINAL_CODEC.listen((words) => {
        const { message, serial, body } = words as MessageWords & { readonly message: string; readonly serial: number };
        heard.push(message);
        const isRegistration = message === 'registration';
        if (message === 'authentication') expect(body).toEqual({ code: 'a code' });
        const answer = isRegistration
          ? { message: 'registration-answer', body: { answeredSerial: serial, result: 0, code: 'a code' } }
          : {
              message: 'platform-answer',
              body: {
                answeredSerial: serial,
                answeredId: 0,
                result: message === 'location' && heard.length % 2 === 0 ? 1 : 0,
              },
            };
        socket.write(TERMINAL_CODEC.encode({ ...words, ...answer }) ?? '');
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const summary = await run('jt808', port);
  expect(summary).toMatchObject({ loggedIn: 3, sent: 12, unanswered: 0, broken: 0 });
  expect(summary.acknowledged + summary.refused).toBe(12);
  expect(heard.filter((message) => message === 'location').length).toBe(12);
  expect(heard.filter((message) => message === 'deregistration').length).toBe(3);
});

test('a list for `register terminal import` names a file for each VIN and code', () => {
  const directory = join(scratchDirectory(), 'fleet');
  const sources = ['10.0.0.0/8'];
  const list = provisionTerminals({ protocol: 'gb32960-2016', vehicles: 2, seed: 'test', directory, sources });
  expect(list).toBe(join(directory, LIST_FILE));
  const entries = JSON.parse(readFileSync(list, 'utf8')) as readonly Record<string, string>[];
  expect(entries.map(({ protocol }) => protocol)).toEqual(['gb32960', 'gb32960']);
  expect(readFileSync(entries[1]?.['vinFile'] ?? '', 'utf8')).toBe(planTerminal('test', 2).vin);
  expect(readFileSync(entries[1]?.['codeFile'] ?? '', 'utf8')).toBe(planTerminal('test', 2).iccid);
});
