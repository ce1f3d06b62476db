import fastify from 'fastify';
import { expect, test } from 'vitest';
import { exporterFault } from '../../../../../cloud/exporter/exporter-fault.ts';
import type { ExporterFaultCode } from '../../../../../cloud/exporter/faults.table.ts';
import { sendProblem } from '../../../../../cloud/exporter/receiver/problem.ts';

async function answerWith(
  code: ExporterFaultCode,
): Promise<{ readonly status: number; readonly type: unknown; readonly body: object }> {
  const app = fastify();
  app.get('/', (_request, reply) => sendProblem(reply, exporterFault(code, 'detail')));
  const { statusCode, headers, body } = await app.inject('/');
  await app.close();
  return { status: statusCode, type: headers['content-type'], body: JSON.parse(body) as object };
}

test('a fault goes out as a problem document with its code and both languages', async () => {
  const { status, type, body } = await answerWith('PARCEL_INCOMPLETE');
  expect(status).toBe(409);
  expect(type).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: 'urn:tongguan:fault:PARCEL_INCOMPLETE',
    status: 409,
    code: 'PARCEL_INCOMPLETE',
    retry: 'now',
    problem: { en: expect.stringContaining('detail'), zh: expect.any(String) },
    remedy: { en: expect.any(String), zh: expect.any(String) },
  });
});

test('what a parcel does wrong is 422', async () => {
  expect((await answerWith('PARCEL_FILE_HASH')).status).toBe(422);
});
