import { expect, test } from 'vitest';
import type { Fields } from '../../cloud/terminals/value.ts';
import { batchBody, jtBytes, jtParts } from '../support/cloud/jt-messages.ts';
import type { JtSettings } from '../support/cloud/jt-run.ts';
import { jtDatagrams, serveJt } from '../support/cloud/jt-terminal.ts';
import { readingsIn, zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';

const UDP: JtSettings = {
  ...{ older: 2013, idleSeconds: 60 },
  udp: { host: '127.0.0.1', port: 0, acceptForgeableSources: true },
};

const at = (second: number): Fields => ({
  ...{ alarm: 0, status: 3, latitude: 32.1, longitude: 119.5, elevation: 12, speed: 36.5, direction: 90, extras: [] },
  at: `2026-03-01T11:58:${String(second).padStart(2, '0')}+08:00`,
});

test('datagrams that come twice, in another order and in parts are stored once, and answered each time', async () => {
  const { terminals, directory, close } = await serveJt(testVin(1), UDP);
  const terminal = await jtDatagrams(terminals.status().port);
  await terminal.enter();
  const single = [3, 1, 2, 3, 1].map((second) => jtBytes('location', at(second), 100 + second));
  const parts = jtParts(0x0704, batchBody([2, 4, 5, 6, 7, 8, 9, 10].map(at)), 200, { partBytes: 100 });
  const sent = [...single, ...[...parts].reverse(), ...parts.slice(0, 1)];
  for (const datagram of sent) terminal.send(datagram);
  const answers = await terminal.answered(2 + single.length + parts.length);
  expect(new Set(answers.map(({ body }) => body['result']))).toEqual(new Set([0]));
  await close();
  const times = readingsIn(zonesOf(directory)['geographic']?.records ?? []).filter(({ path }) => path === 'jt808.time');
  expect(times.map(({ value }) => value).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((one) => at(one)['at']));
});

test('a stranger is told so, and another address has to show the code itself', async () => {
  const { terminals, alerts, stores } = await serveJt(testVin(1), UDP);
  const [one, other] = await Promise.all([0, 1].map(() => jtDatagrams(terminals.status().port)));
  if (one === undefined || other === undefined) throw new Error('two sockets');
  const code = await one.enter();
  const before = stores.ledger.totals().framesAdmitted;
  other.send(Buffer.from('nothing of a frame'));
  other.send(jtBytes('location', at(1), 3));
  const [refused] = await other.answered(1);
  expect(refused?.body).toMatchObject({ answeredSerial: 3, result: 1 });
  expect([alerts, stores.ledger.totals().framesAdmitted]).toEqual([['TERMINAL_UNAUTHENTICATED'], before]);
  other.send(jtBytes('authentication', { code }, 4));
  await other.answered(2);
  expect(terminals.status()).toMatchObject({ loggedIn: 1, connections: 1 });
});
