import Fastify, { type FastifyInstance } from 'fastify';
import type { HttpApiParts } from './http-api.ts';
import { type ProbeParts, serveProbes } from './probe-routes.ts';

/** One line, so that whoever collects metrics sees that a process is there and leads nothing. */
const METRICS =
  '# HELP tongguan_standing_by 1 while another process leads\n# TYPE tongguan_standing_by gauge\ntongguan_standing_by 1\n';

/** Probes and nothing else, of a process that stands by; not listening yet. */
export function createStandbyApi({
  from,
  tls,
  trustedProxies,
}: Pick<HttpApiParts, 'tls' | 'trustedProxies'> & Pick<ProbeParts, 'from'>): FastifyInstance {
  const server = Fastify({
    logger: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    ...(tls && { https: { ...tls, minVersion: 'TLSv1.2' } }),
    // Whoever leads next opens the port at once.
    forceCloseConnections: true,
  } as object) as FastifyInstance;
  serveProbes(server, {
    from,
    metrics: { type: 'text/plain; version=0.0.4; charset=utf-8', text: async () => METRICS, observe: () => undefined },
    telemetry: { request: () => undefined },
    isReady: () => false,
    unready: 'standing by: another process leads',
  });
  return server;
}
