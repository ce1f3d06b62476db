import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Figures } from '../ports/telemetry.ts';

export interface Metrics {
  readonly type: string;
  readonly text: () => Promise<string>;
  /** @param route - as it is declared, never what was asked for */
  readonly observe: (route: string, method: string, status: number, seconds: number) => void;
}

const BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

/** Metrics of this process in the text format of Prometheus. @param figures - looked up when somebody asks */
export function prometheusMetrics(figures: () => Figures): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tongguan_http_request_seconds',
    help: 'time to answer a request',
    labelNames: ['route', 'method', 'status'],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  for (const [name, { help, of }] of Object.entries(figures())) {
    const labelNames = typeof of === 'number' ? [] : ['of'];
    new Gauge({
      name: `tongguan_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        const now = figures()[name]?.of ?? 0;
        this.reset();
        if (typeof now === 'number') this.set(now);
        else for (const [label, value] of Object.entries(now)) this.set({ of: label }, value);
      },
    });
  }
  return {
    type: registry.contentType,
    text: () => registry.metrics(),
    observe: (route, method, status, seconds) => requests.observe({ route, method, status: String(status) }, seconds),
  };
}
