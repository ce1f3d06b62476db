import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import type { Clock } from '../../proto/words/time.ts';
import type { Figures, Telemetry } from '../ports/telemetry.ts';
import { type Attributes, permitted } from '../telemetry/permitted.ts';
import type { TelemetryLibrary } from './otlp-library.ts';

export type Signal = 'metrics' | 'traces';

export interface OtlpOptions {
  readonly url: string;
  /** For TLS: connected to whatever a name server says, and the PEM of who signed its certificate. */
  readonly tls?: { readonly address: string; readonly authority: string } | undefined;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** Told when the collector stops answering, and when it answers again. */
  readonly onChange: (signal: Signal, isAnswering: boolean) => void;
}

/** Spans that wait; what comes beyond them is dropped. */
export const SPANS_WAITING_MAX = 2_048;
const SPANS_A_BATCH_MAX = 256;
const SPANS_EVERY_MS = 5_000;
/** One attempt of one report with all of its repetitions. */
const SEND_MS_MAX = 5_000;
/** As many batches as wait, so that stopping can send them all; over few connections. */
const SENDING_MAX = SPANS_WAITING_MAX / SPANS_A_BATCH_MAX;
const CONNECTIONS_MAX = 2;
/** Combinations of attributes of one metric; routes times methods times classes are some hundreds. */
const SERIES_MAX = 1_000;
/** Stopping waits no longer than this for a collector. */
export const CLOSE_MS_MAX = 1_000;
const BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

/**
 * Metrics and spans by OTLP over HTTP, as JSON. No library is instrumented and no context is taken from a request: each span is
 * made here, after the fact, of attributes that `permitted` lets through.
 */
export function otlpTelemetry(library: TelemetryLibrary, options: OtlpOptions): Telemetry {
  const agent = agentTo(options);
  const { meters, traces } = providers(library, options, agent);
  const meter = meters.getMeter('tongguan');
  const advice = { explicitBucketBoundaries: BUCKETS_S };
  const requests = meter.createHistogram('tongguan_http_request_seconds', { unit: 's', advice });
  const commits = meter.createHistogram('tongguan_ingest_commit_seconds', { unit: 's', advice });
  const tracer = traces.getTracer('tongguan');
  const span = (name: string, ms: number, attributes: Attributes): void => {
    const now = options.clock.now();
    tracer.startSpan(name, { root: true, startTime: hrTime(now - ms), attributes: { ...attributes } }).end(hrTime(now));
  };
  return {
    request: (route, method, status, seconds) =>
      quietly(() => {
        const status_class = `${Math.floor(status / 100)}xx`;
        const wanted = {
          'http.route': route,
          'http.request.method': method,
          'http.response.status_class': status_class,
        };
        const attributes = permitted(wanted);
        requests.record(seconds, { ...attributes });
        span('http.request', seconds * 1_000, attributes);
      }),
    commit: ({ payloads, ms, isStored }) =>
      quietly(() => {
        const outcome = permitted({ 'tongguan.outcome': isStored ? 'stored' : 'not-stored' });
        commits.record(ms / 1_000, { ...outcome });
        span('ingest.commit', ms, { ...outcome, ...permitted({ 'tongguan.payloads': payloads }) });
      }),
    watch: (figures) => quietly(() => report(meter, figures)),
    close: async () => {
      const ended = Promise.allSettled([meters.shutdown(), traces.shutdown()]);
      await Promise.race([ended, pause(CLOSE_MS_MAX)]);
      agent.destroy();
    },
  };
}

/** What collects metrics and spans, and sends them; queues and waits are bounded. */
function providers(library: TelemetryLibrary, options: OtlpOptions, agent: HttpAgent | HttpsAgent) {
  // Not the default resource, which names the program and the machine.
  const resource = library.resourceFromAttributes({ 'service.name': 'tongguan-cloud' });
  const answers = (signal: Signal) => createAnswers((isAnswering) => options.onChange(signal, isAnswering));
  const way = (signal: Signal) => ({
    url: `${options.url}/v1/${signal}`,
    timeoutMillis: SEND_MS_MAX,
    concurrencyLimit: SENDING_MAX,
    httpAgentOptions: () => agent,
  });
  const reader = new library.PeriodicExportingMetricReader({
    exporter: heard(new library.OTLPMetricExporter(way('metrics')), answers('metrics')),
    exportIntervalMillis: options.intervalMs,
    exportTimeoutMillis: SEND_MS_MAX,
    cardinalityLimits: { default: SERIES_MAX },
  });
  const meters = new library.MeterProvider({ resource, readers: [reader] });
  const processor = new library.BatchSpanProcessor({
    exporter: heard(new library.OTLPTraceExporter(way('traces')), answers('traces')),
    maxQueueSize: SPANS_WAITING_MAX,
    maxExportBatchSize: SPANS_A_BATCH_MAX,
    scheduledDelayMillis: SPANS_EVERY_MS,
    exportTimeoutMillis: SEND_MS_MAX,
  });
  const sampler = new library.AlwaysOnSampler();
  const traces = new library.TracerProvider({ resource, sampler, spanProcessors: [processor] });
  return { meters, traces };
}

type Meter = ReturnType<InstanceType<TelemetryLibrary['MeterProvider']>['getMeter']>;

/** A gauge a figure, as Prometheus has them. */
function report(meter: Meter, figures: () => Figures): void {
  const gauges = new Map(
    Object.entries(figures()).map(([name, { help }]) => [
      name,
      meter.createObservableGauge(`tongguan_${name}`, { description: help }),
    ]),
  );
  meter.addBatchObservableCallback(
    (told) => {
      for (const [name, { of }] of Object.entries(figures())) {
        const gauge = gauges.get(name);
        if (gauge === undefined) continue;
        if (typeof of === 'number') told.observe(gauge, of);
        else for (const [part, value] of Object.entries(of)) observePart(told, gauge, part, value);
      }
    },
    [...gauges.values()],
  );
}

type Told = Parameters<Parameters<Meter['addBatchObservableCallback']>[0]>[0];

/** A part whose name may not go out is left out with its figure: without a name it would pass for the whole. */
function observePart(told: Told, gauge: ReturnType<Meter['createObservableGauge']>, part: string, value: number): void {
  const attributes = permitted({ 'tongguan.of': part });
  if ('tongguan.of' in attributes) told.observe(gauge, value, { ...attributes });
}

function agentTo({ tls }: OtlpOptions): HttpAgent | HttpsAgent {
  const bounds = { keepAlive: true, maxSockets: CONNECTIONS_MAX, timeout: SEND_MS_MAX };
  if (tls === undefined) return new HttpAgent(bounds);
  const { address, authority } = tls;
  const known = [{ address, family: isIP(address) }];
  return new HttpsAgent({
    ...bounds,
    ca: authority,
    minVersion: 'TLSv1.3',
    rejectUnauthorized: true,
    // No name server is asked where the collector is.
    lookup: (_name, { all }, told) => (all === true ? told(null, known) : told(null, address, isIP(address))),
  });
}

/** Says when the state changes, and not each time. */
function createAnswers(onChange: (isAnswering: boolean) => void): (isAnswering: boolean) => void {
  let last = true;
  return (isAnswering) => {
    if (isAnswering === last) return;
    last = isAnswering;
    onChange(isAnswering);
  };
}

type Exporting = Pick<OTLPMetricExporter, 'forceFlush' | 'shutdown'> & {
  /** A method, since two exporters have one manner and items of their own. */
  export(items: unknown, done: (result: { readonly code: number }) => void): void;
};

/** Hears what became of each report; success is 0 (ExportResultCode). */
function heard<T extends Exporting>(exporter: T, answers: (isAnswering: boolean) => void): T {
  const send = exporter.export.bind(exporter);
  return Object.assign(exporter, {
    export: (items: unknown, done: (result: { readonly code: number }) => void) =>
      send(items, (result) => {
        answers(result.code === 0);
        done(result);
      }),
  });
}

/** Telemetry that goes wrong is telemetry that is missing, and nothing else. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // Whoever was being observed goes on.
  }
}

/** Seconds and nanoseconds, so that the library takes the time for none of its own. */
function hrTime(ms: number): [seconds: number, nanoseconds: number] {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.floor((ms - seconds * 1_000) * 1_000_000)];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
