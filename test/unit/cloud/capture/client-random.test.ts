import { expect, test } from 'vitest';
import { clientRandomOf, clientRandomOfKey } from '../../../../cloud/capture/client-random.ts';

const RANDOM = 'ab'.repeat(32);
const HELLO = Buffer.from(`16030100c8010000c40303${RANDOM}00`, 'hex');

test('a ClientHello and the lines of its key log meet in the random', () => {
  expect(clientRandomOf(HELLO)).toBe(RANDOM);
  expect(clientRandomOfKey(`CLIENT_TRAFFIC_SECRET_0 ${RANDOM.toUpperCase()} ${'cd'.repeat(48)}`)).toBe(RANDOM);
});

test.each([
  ['too short', HELLO.subarray(0, 42)],
  ['another record', Buffer.concat([Buffer.from([23]), HELLO.subarray(1)])],
  ['another message', Buffer.concat([HELLO.subarray(0, 5), Buffer.from([2]), HELLO.subarray(6)])],
  ['no TLS', Buffer.from('GET / HTTP/1.1\r\nhost: somebody.example\r\n\r\n')],
])('%s is no ClientHello', (_, bytes) => {
  expect(clientRandomOf(bytes)).toBeUndefined();
});

test.each(['', 'CLIENT_RANDOM', `CLIENT_RANDOM ${RANDOM}`, `client_random ${RANDOM} cd`, `A ${RANDOM.slice(2)} cd`])(
  '`%s` is no line of a key log',
  (line) => {
    expect(clientRandomOfKey(line)).toBeUndefined();
  },
);
