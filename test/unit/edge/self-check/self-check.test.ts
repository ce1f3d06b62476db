import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSelfCheck } from '../../../../edge/adapters/self-check.ts';
import { endpointsOf } from '../../../../edge/self-check/endpoints.ts';
import { parseSeconds } from '../../../../edge/self-check/parse-duration.ts';
import { createPeerWatch } from '../../../../edge/self-check/peer-watch.ts';
import { fullForm, parseTcpTable } from '../../../../edge/self-check/tcp-table.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

test('the table of the kernel: peers in text, listening sockets left out, nonsense passed over', () => {
  const lines = [
    HEAD,
    '   0: 0100007F:22B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1',
    '   1: 0100007F:8F10 0100007F:22B3 01 00000000:00000000 00:00000000 00000000     0        0 101 1',
    '   2: B80D0120000000000000000001000000:C350 B80D0120000000000000000002000000:01BB 01 0:0 0:0 0 0 0 102 1',
    '   3: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:22B3 01 0:0 0:0 0 0 0 103 1',
    '   4: rubbish',
    '   5: 0100007F:8F10 XYZ:22B3 01 0:0 0:0 0 0 0 104 1',
  ];
  expect(parseTcpTable(lines.join('\n'))).toEqual([
    { peer: { address: '127.0.0.1', port: 8883 }, inode: '101' },
    { peer: { address: '2001:db8:0:0:0:0:0:2', port: 443 }, inode: '102' },
    { peer: { address: '127.0.0.1', port: 8883 }, inode: '103' },
  ]);
});

test.each([
  ['::1', '0:0:0:0:0:0:0:1'],
  ['2001:db8::2', '2001:db8:0:0:0:0:0:2'],
  ['2001:0DB8:0:0:0:0:0:2', '2001:db8:0:0:0:0:0:2'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['10.0.0.1', '10.0.0.1'],
  ['::', '0:0:0:0:0:0:0:0'],
])('%s in full', (text, full) => {
  expect(fullForm(text)).toBe(full);
});

test('endpoints are found wherever they stand in a configuration', () => {
  const config = {
    uplink: { url: 'mqtts://tcu.example.cn:8883', keyFile: '/etc/key' },
    sources: [{ url: 'mqtt://127.0.0.1:1883' }, { url: 'grpc://[::1]:55555/' }, { path: 'a:b' }],
    n: 3,
  };
  expect(endpointsOf(config)).toEqual([
    { host: 'tcu.example.cn', port: 8_883 },
    { host: '127.0.0.1', port: 1_883 },
    { host: '::1', port: 55_555 },
  ]);
});

test.each([
  ['1s', 1],
  ['90s', 90],
  ['15m', 900],
  ['2h', 7_200],
  ['2678400s', 2_678_400],
  ['2678401s', undefined],
  ['0s', undefined],
  ['10', undefined],
  ['-1s', undefined],
  ['1d', undefined],
])('%s', (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds);
});

describe('the watch', () => {
  const [known, stranger] = [
    { address: '10.0.0.1', port: 8_883 },
    { address: '203.0.113.9', port: 443 },
  ];

  test('nobody but those configured is good, and how often each was seen is told', () => {
    const watch = createPeerWatch(
      () => [known],
      () => [known],
    );
    watch.look();
    watch.look();
    expect(watch.report(2)).toEqual({
      seconds: 2,
      looks: 2,
      peers: [{ ...known, isConfigured: true, seen: 2 }],
      ok: true,
    });
  });

  test('a stranger is told, and so is a known address at another port', () => {
    const watch = createPeerWatch(
      () => [known],
      () => [known, stranger, { ...known, port: 1 }],
    );
    watch.look();
    expect(watch.report(1)).toMatchObject({ ok: false, peers: [{}, { isConfigured: false }, { isConfigured: false }] });
  });

  test('sockets that cannot be listed are no good sign', () => {
    const watch = createPeerWatch(
      () => [],
      () => undefined,
    );
    expect(watch.report(1).ok).toBe(false);
    watch.look();
    expect(watch.report(1)).toMatchObject({ looks: 0, ok: false });
  });
});

describe('on real sockets', () => {
  async function listen(): Promise<{ server: Server; port: number }> {
    const server = createServer((socket) => socket.on('error', () => undefined));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return { server, port: (server.address() as AddressInfo).port };
  }

  test.skipIf(process.platform !== 'linux')(
    'a connection that is over before the next look is seen all the same (needs Linux)',
    async () => {
      const [own, other] = [await listen(), await listen()];
      const check = await startSelfCheck([{ host: '127.0.0.1', port: own.port }]);
      const socket = connect(own.port, '127.0.0.1');
      await once(socket, 'connect');
      const short = connect(other.port, '127.0.0.1');
      await once(short, 'connect');
      short.destroy();
      await once(short, 'close');
      const report = check.report(1);
      check.stop();
      socket.destroy();
      const configured = Object.fromEntries(report.peers.map(({ port, isConfigured }) => [port, isConfigured]));
      expect(configured).toMatchObject({ [own.port]: true, [other.port]: false });
      expect(report.ok).toBe(false);
    },
  );
});
