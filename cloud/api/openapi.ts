import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { ACCESS, type AccessRow } from './access.table.ts';
import type { ApiRoute } from './route.ts';

const Both = z.object({ en: z.string(), zh: z.string() });

const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  problem: Both,
  remedy: Both,
  retry: z.enum(['now', 'later', 'after-remedy', 'never']),
});

export const CSRF_HEADER = 'x-tongguan-csrf';

/** What the description of the API says of itself. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Tongguan',
    description: 'The running cloud, for people. Roles that may ask for a route stand in `x-roles`.',
    version: '1',
  },
  servers: [{ url: '/' }],
  components: {
    securitySchemes: {
      session: { type: 'apiKey', in: 'cookie', name: 'tongguan-session' },
      csrf: { type: 'apiKey', in: 'header', name: CSRF_HEADER },
    },
  },
} as const;

/** A route as OpenAPI has it. It only describes: `respond` parses. */
export function schemaOf(route: ApiRoute, row: AccessRow): FastifySchema {
  const { params, query, body, answer } = route.forms;
  const isOpen = row.roles === 'open';
  const security = isOpen ? [] : [{ session: [], ...(route.method !== 'GET' && { csrf: [] }) }];
  return {
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? ''],
    security,
    ...(params && { params: jsonSchema(params) }),
    ...(query && { querystring: jsonSchema(query) }),
    ...(body && { body: route.takesFile ? BYTES : jsonSchema(body) }),
    ...(route.takesFile && { consumes: ['application/octet-stream'] }),
    response: {
      200: answer === undefined ? { type: 'object', additionalProperties: true } : jsonSchema(answer, 'output'),
      default: { description: 'a fault', content: { 'application/problem+json': { schema: PROBLEM } } },
    },
    'x-roles': isOpen ? ['anybody'] : row.roles,
    'x-reading': row.reading,
    ...(row.holds && { 'x-holds': row.holds }),
  } as FastifySchema;
}

const BYTES = { type: 'string', format: 'binary' };

function jsonSchema(form: z.ZodType, io: 'input' | 'output' = 'input'): object {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(form, { io, unrepresentable: 'any' });
  return schema;
}

const PROBLEM = jsonSchema(Problem, 'output');

/** @throws Error for a route without a row, or a row without a route: nobody knows who may ask for it */
export function rowsOf(routes: readonly ApiRoute[]): ReadonlyMap<ApiRoute, AccessRow> {
  const rows = new Map<ApiRoute, AccessRow>();
  for (const route of routes) {
    const row = ACCESS[`${route.method} ${route.path}`];
    if (row === undefined) throw new Error(`\`${route.method} ${route.path}\` has no row of who may ask for it`);
    rows.set(route, row);
  }
  const served = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const unserved = Object.keys(ACCESS).find((name) => !served.has(name) && name !== OPENAPI_ROUTE);
  if (unserved !== undefined) throw new Error(`\`${unserved}\` has a row and is not served`);
  return rows;
}

const OPENAPI_ROUTE = 'GET /openapi.json';
