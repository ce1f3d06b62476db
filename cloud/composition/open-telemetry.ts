import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { addressList } from '../access/cidr.ts';
import { type LoadModule, loadTelemetry } from '../adapters/otlp-library.ts';
import { otlpTelemetry, type Signal } from '../adapters/otlp-telemetry.ts';
import type { CloudConfig } from '../config/config.ts';
import { isLoopback } from '../config/console-config.ts';
import type { TelemetryConfig } from '../config/telemetry-config.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/**
 * Where metrics and traces go; nowhere, and nothing is loaded, where the configuration has no section `telemetry`.
 *
 * @throws the system's error when the authority cannot be read
 */
export function openTelemetry(
  { config, path }: LoadedConfig<Pick<CloudConfig, 'telemetry' | 'access'>>,
  around: Pick<RoleSurroundings, 'clock' | 'err'>,
  load?: LoadModule,
): Result<Telemetry, Fault> {
  const { telemetry, access } = config;
  if (telemetry === undefined) return ok(NO_TELEMETRY);
  const { url, address, authorityFile, intervalSeconds } = telemetry;
  if (!isAtHome(telemetry, access?.mainland ?? [])) return fail(abroad());
  const library = loadTelemetry(load);
  if (!library.ok) return library;
  const tls =
    address === undefined || authorityFile === undefined
      ? undefined
      : { address, authority: readFileSync(path(authorityFile), 'utf8') };
  const onChange = (signal: Signal, isAnswering: boolean): void =>
    around.err(
      isAnswering
        ? `cloud: telemetry: the collector takes ${signal} again`
        : `cloud: telemetry: the collector does not take ${signal}; what it misses is dropped`,
    );
  return ok(
    otlpTelemetry(library.value, { url, tls, intervalMs: intervalSeconds * 1_000, clock: around.clock, onChange }),
  );
}

/** Where nobody has said what lies in the mainland, this machine does and nothing else. */
function isAtHome({ url, address }: TelemetryConfig, mainland: readonly string[]): boolean {
  const to = address ?? new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isLoopback(to) || addressList(mainland).has(to);
}

const NO_TELEMETRY: Telemetry = {
  request: () => undefined,
  commit: () => undefined,
  watch: () => undefined,
  close: async () => undefined,
};

function abroad(): Fault<'TELEMETRY_ABROAD'> {
  return {
    code: 'TELEMETRY_ABROAD',
    problem: bilingual(
      'the address of `telemetry` is no loopback address and lies in no block of `access.mainland`',
      '`telemetry` 的地址既不是环回地址，也不在 `access.mainland` 范围内',
    ),
    remedy: bilingual(
      'name a collector in the mainland, and its block in `access.mainland`; what lies abroad gets data through the gate alone',
      '请使用境内采集器，并将其网段列入 `access.mainland`；境外只能经出境网关接收数据',
    ),
    retry: 'after-remedy',
  };
}
