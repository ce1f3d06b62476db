import { createRequire } from 'node:module';
import type * as metricExporter from '@opentelemetry/exporter-metrics-otlp-http';
import type * as traceExporter from '@opentelemetry/exporter-trace-otlp-http';
import type * as resources from '@opentelemetry/resources';
import type * as metrics from '@opentelemetry/sdk-metrics';
import type * as traces from '@opentelemetry/sdk-trace';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';

/** What is used of OpenTelemetry for JavaScript, 2.12 and 0.223. */
export type TelemetryLibrary = Pick<typeof metrics, 'MeterProvider' | 'PeriodicExportingMetricReader'> &
  Pick<typeof traces, 'TracerProvider' | 'BatchSpanProcessor' | 'AlwaysOnSampler'> &
  Pick<typeof resources, 'resourceFromAttributes'> &
  Pick<typeof metricExporter, 'OTLPMetricExporter'> &
  Pick<typeof traceExporter, 'OTLPTraceExporter'>;

/** @returns a module by its name. @throws the system's error where there is none */
export type LoadModule = (name: string) => unknown;

/** Optional peers, loaded where the configuration asks for telemetry and nowhere else. */
export function loadTelemetry(
  load: LoadModule = createRequire(import.meta.url),
): Result<TelemetryLibrary, Fault<'TELEMETRY_LIBRARY_MISSING'>> {
  try {
    const { MeterProvider, PeriodicExportingMetricReader } = load('@opentelemetry/sdk-metrics') as typeof metrics;
    const { TracerProvider, BatchSpanProcessor, AlwaysOnSampler } = load('@opentelemetry/sdk-trace') as typeof traces;
    const { resourceFromAttributes } = load('@opentelemetry/resources') as typeof resources;
    const { OTLPMetricExporter } = load('@opentelemetry/exporter-metrics-otlp-http') as typeof metricExporter;
    const { OTLPTraceExporter } = load('@opentelemetry/exporter-trace-otlp-http') as typeof traceExporter;
    return ok({
      ...{ MeterProvider, PeriodicExportingMetricReader, OTLPMetricExporter },
      ...{ TracerProvider, BatchSpanProcessor, AlwaysOnSampler, OTLPTraceExporter },
      resourceFromAttributes,
    });
  } catch (cause) {
    return fail(libraryMissing(causeText(cause)));
  }
}

const PACKAGES = [
  '@opentelemetry/api@1.9.1',
  '@opentelemetry/sdk-metrics@2.12.0',
  '@opentelemetry/sdk-trace@2.12.0',
  '@opentelemetry/resources@2.12.0',
  '@opentelemetry/exporter-metrics-otlp-http@0.223.0',
  '@opentelemetry/exporter-trace-otlp-http@0.223.0',
].join(' ');

function libraryMissing(cause: string): Fault<'TELEMETRY_LIBRARY_MISSING'> {
  return {
    code: 'TELEMETRY_LIBRARY_MISSING',
    problem: bilingual(
      `\`telemetry\` needs packages of OpenTelemetry, which cannot be loaded: ${cause}`,
      `\`telemetry\` 需要 OpenTelemetry 软件包，但无法加载：${cause}`,
    ),
    remedy: bilingual(
      `run \`npm install ${PACKAGES}\` beside tongguan (docs/operating.md), or take \`telemetry\` out of cloud.yaml`,
      `请在 tongguan 所在目录运行 \`npm install ${PACKAGES}\`（见 docs/operating.md），或删除 cloud.yaml 中的 \`telemetry\``,
    ),
    retry: 'after-remedy',
  };
}
