import { describe, expect, test } from 'vitest';
import { terminalDecodeCommand, terminalEncodeCommand } from '../../../../cloud/cli/terminal.command.ts';

const HEARTBEAT = '232307fe4c54475445535430303030303030303031010000b0';

function run(verb: typeof terminalDecodeCommand, input: string, lines: readonly string[] = []) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    readFile: () => Promise.reject(new Error('none')),
    async *readLines(path: string) {
      if (path !== 'frames.hex') throw new Error(`ENOENT ${path}`);
      yield* lines;
    },
  };
  return verb({ input, json: true, older: 2013, language: 'en' }, io).then((status) => ({ status, out, err }));
}

describe('terminal', () => {
  test('a frame on the command line comes back byte for byte', async () => {
    const { status, out } = await run(terminalDecodeCommand, HEARTBEAT);
    expect(status).toBe(0);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      protocol: 'gb32960-2016',
      command: 'heartbeat',
      checksum: 'good',
      body: {},
    });
    const back = await run(terminalEncodeCommand, out[0] ?? '');
    expect(JSON.parse(back.out[0] ?? '')).toEqual({ hex: HEARTBEAT });
  });

  test('a file gives a line for each line, faults among them with the number of theirs', async () => {
    const { status, out, err } = await run(terminalDecodeCommand, 'frames.hex', [HEARTBEAT, '', 'ff', HEARTBEAT]);
    expect(status).toBe(1);
    expect(out.map((line) => JSON.parse(line).fault?.code)).toEqual([undefined, 'TERMINAL_START', undefined]);
    expect(JSON.parse(out[1] ?? '').line).toBe(3);
    expect(err[0]).toMatch(/^terminal: line 3: .*\[TERMINAL_START\]/);
  });

  test('what is neither is not repeated', async () => {
    const { status, err } = await run(terminalDecodeCommand, 'LTGTEST0000000001');
    expect(status).toBe(2);
    expect(err.join()).not.toContain('LTG');
  });

  test('a view that does not fit is refused', async () => {
    const view = {
      protocol: 'gb32960-2016',
      command: 'heartbeat',
      answer: 'command',
      vin: 'short',
      encryption: 'none',
      checksum: 'good',
      body: {},
    };
    expect((await run(terminalEncodeCommand, JSON.stringify(view))).status).toBe(1);
    expect((await run(terminalEncodeCommand, '{')).status).toBe(1);
  });
});
