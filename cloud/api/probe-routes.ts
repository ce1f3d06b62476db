import type { FastifyInstance } from 'fastify';
import type { AddressList } from '../access/cidr.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { apiProblem } from './problem.ts';

export interface ProbeParts {
  /** Who may ask without logging in. */
  readonly from: AddressList;
  readonly metrics: {
    readonly type: string;
    readonly text: () => Promise<string>;
    readonly observe: (route: string, method: string, status: number, seconds: number) => void;
  };
  /** Told of every request as metrics are, where a collector is configured. */
  readonly telemetry: Pick<Telemetry, 'request'>;
  /** Whether what the cloud needs is there: throws or false where it is not. */
  readonly isReady: () => boolean;
  /** What is said where it is not. */
  readonly unready?: string;
}

/** `/metrics`, `/healthz` and `/readyz`; for anybody else there is nothing there. Times every request. */
export function serveProbes(
  server: FastifyInstance,
  { from, metrics, telemetry, isReady, unready = 'not ready' }: ProbeParts,
): void {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const seconds = reply.elapsedTime / 1_000;
    metrics.observe(route, request.method, reply.statusCode, seconds);
    telemetry.request(route, request.method, reply.statusCode, seconds);
    done();
  });
  const probe = (url: string, answer: () => Promise<{ status: number; type: string; text: string }>): void => {
    server.get(
      url,
      { schema: { hide: true } as object, config: { rateLimit: false } as object },
      async (request, reply) => {
        if (!from.has(request.ip)) return reply.code(404).send(apiProblem('ROUTE_UNKNOWN'));
        const { status, type, text } = await answer();
        return reply.code(status).type(type).send(Buffer.from(text));
      },
    );
  };
  const plain = 'text/plain; charset=utf-8';
  probe('/healthz', async () => ({ status: 200, type: plain, text: 'alive\n' }));
  probe('/readyz', async () =>
    safely(isReady)
      ? { status: 200, type: plain, text: 'ready\n' }
      : { status: 503, type: plain, text: `${unready}\n` },
  );
  probe('/metrics', async () => ({ status: 200, type: metrics.type, text: await metrics.text() }));
}

function safely(isReady: () => boolean): boolean {
  try {
    return isReady();
  } catch {
    return false;
  }
}
