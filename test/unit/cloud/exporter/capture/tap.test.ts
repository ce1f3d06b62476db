import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { Recorder } from '../../../../../cloud/exporter/capture/recorder.ts';
import { tapSocket } from '../../../../../cloud/exporter/capture/tap.ts';
import { exporterFault } from '../../../../../cloud/exporter/exporter-fault.ts';
import { fail, ok, type Result } from '../../../../../proto/words/result.ts';

type Recorded = Result<undefined, ReturnType<typeof exporterFault>>;

/** A line to somebody who notes what arrives, over a record that a test holds back. */
async function heldLine() {
  let heard = '';
  const server = createServer((socket) => socket.on('data', (chunk) => (heard += chunk)).on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const held: ((recorded: Recorded) => void)[] = [];
  const record: Recorder['record'] = () => new Promise((resolve) => held.push(resolve));
  const recorder = {
    record,
    fault: () => undefined,
    close: () => undefined,
    tally: () => expect.fail('nobody asks'),
    settle: async () => true,
  };
  const line = tapSocket(socket, recorder).on('error', () => undefined);
  const end = () => {
    socket.destroy();
    server.close();
  };
  return { line, held, heard: () => heard, end };
}

test('not a byte goes to the socket before it is recorded, and then all of them do, in order', async () => {
  const { line, held, heard, end } = await heldLine();
  line.cork();
  for (const word of ['one ', 'two ', 'three']) line.write(word);
  line.uncork();
  expect(held).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(heard()).toBe('');
  held[0]?.(ok(undefined));
  await expect.poll(heard).toBe('one two three');
  end();
});

test('what cannot be recorded is not sent, and the line is over', async () => {
  const { line, held, heard, end } = await heldLine();
  line.write('content');
  held[0]?.(fail(exporterFault('CAPTURE_LATE')));
  await new Promise((resolve) => line.once('close', resolve));
  expect(heard()).toBe('');
  end();
});
