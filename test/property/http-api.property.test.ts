import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROLES } from '../../cloud/accounts/role.ts';
import { type ConsoleWorld, consoleWorld } from '../support/cloud/api/console-world.ts';

/** `FUZZ_RUNS=20000 npx vitest run test/property/http-api` looks longer. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

let world: ConsoleWorld;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await consoleWorld({}, (end) => void ends.push(end));
  await world.account('everybody', ROLES);
});
afterAll(async () => {
  for (const end of ends) await end();
});

const text = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    'x1',
    'principal',
    'notice',
    'operations',
    '2026-11-22',
    '\u0000',
    '__proto__',
    '9'.repeat(400),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Values of a form, nearly: what it wants, and now and then what it does not. */
function formed(schema: Schema): fc.Arbitrary<unknown> {
  const meant = meantBy(schema);
  return fc.oneof({ weight: 8, arbitrary: meant }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
}

function meantBy(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(formed));
  if (schema.type === 'integer') return fc.oneof(fc.integer(), fc.constantFrom(0, 1, 2 ** 53, -0.5));
  if (schema.type === 'number') return fc.double();
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'array') return fc.array(formed(schema.items ?? {}), { maxLength: 3 });
  if (schema.type === 'object' || schema.properties !== undefined) {
    const keys = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, of]) => [key, formed(of)]));
    return fc.record(keys, { requiredKeys: [] });
  }
  return schema.type === 'string' ? text : fc.jsonValue({ maxDepth: 2 });
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly body: unknown;
  readonly isFile: boolean;
}

function requestOf(path: string, method: string, { parameters = [], requestBody }: Operation): fc.Arbitrary<Request> {
  const content = requestBody?.content ?? {};
  const isFile = content['application/octet-stream'] !== undefined;
  const body = content['application/json']?.schema;
  const given = fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, fc.option(formed(schema))])));
  return fc.tuple(given, body === undefined ? fc.constant(undefined) : formed(body)).map(([values, sent]) => {
    const encoded = (name: string) => encodeURIComponent(wellFormed(String(values[name] ?? 'x1')));
    const at = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(name));
    const asked = parameters
      .filter(({ name, in: place }) => place === 'query' && values[name] !== null)
      .map(({ name }) => `${name}=${encoded(name)}`);
    return { method, path, url: asked.length === 0 ? at : `${at}?${asked.join('&')}`, body: sent, isFile };
  });
}

/** A URL has no half of a pair. */
const wellFormed = (of: string): string => Buffer.from(of, 'utf8').toString('utf8');

test('whatever is asked is answered, and never by a mistake of ours', async () => {
  const { paths } = (await world.ask({ url: '/api/v1/openapi.json' })).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  const requests = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => requestOf(path, method.toUpperCase(), operation)),
  );
  let session = await world.logIn('everybody');
  await fc.assert(
    fc.asyncProperty(fc.oneof(...requests), async ({ method, url, body, isFile }) => {
      const type = isFile ? 'application/octet-stream' : 'application/json';
      const sent = body === undefined ? {} : { payload: JSON.stringify(body) };
      const headers = { ...session.headers, ...(body !== undefined || isFile ? { 'content-type': type } : {}) };
      const answer = await world.ask({
        method: method as 'GET',
        url,
        headers,
        ...(isFile ? { payload: Buffer.from('x') } : sent),
      });
      expect(answer.statusCode, `${method} ${url}`).toBeLessThan(500);
      if (answer.statusCode >= 400)
        expect(answer.json()).toMatchObject({ status: answer.statusCode, code: expect.any(String) });
      if (answer.statusCode === 401) session = await world.logIn('everybody');
    }),
    { numRuns: RUNS },
  );
}, 600_000);
