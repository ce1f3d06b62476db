import { createServer } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { consolePortFault } from '../../../cloud/console-port-fault.ts';

const holder = createServer();
afterEach(() => void holder.close());

test('a port of the console that another process holds is a fault of its own', async () => {
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as { port: number };
  const config = { console: { address: '127.0.0.1', port } } as unknown as Parameters<typeof consolePortFault>[1];
  const cause: unknown = await Fastify()
    .listen({ host: '127.0.0.1', port })
    .catch((error: unknown) => error);
  const fault = consolePortFault(cause, config);
  expect(fault?.code).toBe('PORT_UNAVAILABLE');
  expect(fault?.problem.en).toContain(`127.0.0.1:${port}`);
  expect(fault?.problem.en).toContain('EADDRINUSE');
  expect(fault?.remedy.en).toContain('console.port');
  expect(consolePortFault(new Error('no key'), config)).toBeUndefined();
  expect(consolePortFault(cause, {} as typeof config)).toBeUndefined();
});
