import { expect, onTestFinished, test } from 'vitest';
import { postgresConnection } from '../../../../../cloud/adapters/sql/postgres-connection.ts';
import type { PostgresSettings } from '../../../../../cloud/adapters/sql/postgres-messages.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

/** A thread that wakes whoever waits before it has an answer, as the wake of the answer before may come. */
const EARLY = `
  import { workerData } from 'node:worker_threads';
  const { port, signal } = workerData;
  port.on('message', ({ id }) => {
    const woken = () => (Atomics.notify(signal, 0) > 0 ? answer() : setTimeout(woken, 1));
    const answer = () => setTimeout(() => {
      port.postMessage({ id, session: 1, results: [] });
      Atomics.store(signal, 0, id);
      Atomics.notify(signal, 0);
    }, 20);
    woken();
  });
`;
const SETTINGS: PostgresSettings = {
  ...{ host: '127.0.0.1', port: 1, database: 'd', user: 'u', password: undefined, schema: 'tongguan' },
  ...{ tls: undefined, domesticRanges: ['127.0.0.0/8'] },
};

test('who is woken by something else goes on waiting for the answer', () => {
  const program = new URL(`data:text/javascript,${encodeURIComponent(EARLY)}`);
  const connection = postgresConnection(SETTINGS, { now: () => 0 as Instant }, program);
  onTestFinished(connection.close);
  for (const _ of [1, 2, 3]) expect(connection.ask([]).results).toEqual([]);
});
