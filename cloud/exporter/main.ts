import { EXIT } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { openLog } from '../log/open-log.ts';
import { expireCaptures } from './capture/expire.ts';
import { type Capture, openCapture } from './capture/open-capture.ts';
import { createClaims } from './claims.ts';
import { type ExporterOptions, watchOutbox } from './exporter.ts';
import type { ExporterFault } from './exporter-fault.ts';
import type { Counts } from './ledger.ts';
import { closeLostConnections } from './lost-connections.ts';
import { checkPermitKey } from './permit-key.ts';
import { createPullServer } from './pull/pull-server.ts';
import { createStrangerLimit } from './pull/stranger-limit.ts';
import { loadSetup, type Setup } from './setup.ts';
import { holdBorder } from './sole-exporter.ts';
import { followTraffic, notBehind, type Traffic } from './traffic.ts';

/** What `tongguan up` shows; counts are those of the whole traffic log. */
export interface ExporterStatus extends Counts {
  readonly role: 'exporter';
  readonly log: { readonly size: number; readonly rootHex: string };
}

/** Everything the exporter takes from the process it runs in. */
export interface ExporterIo {
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly chance: () => number;
  /** One line for people. */
  readonly err: (line: string) => void;
  /** Called when the exporter is ready, about twice a second, and at the end. */
  readonly status: (status: ExporterStatus) => void;
  /** Aborted when the exporter is to stop. */
  readonly stop: AbortSignal;
}

export const STATUS_PERIOD_MS = 500;

/** How often captures are looked through for those whose time is over. */
const EXPIRE_PERIOD_MS = 60_000;

/**
 * Runs the exporter until `io.stop` is aborted or it can no longer log.
 *
 * @returns exit status: 0 stopped, 1 fault, 2 configuration
 */
export async function runExporter(configPath: string, io: ExporterIo): Promise<number> {
  const setup = await loadSetup(configPath);
  if (!setup.ok) {
    for (const fault of setup.fault) io.err(renderFault('exporter', fault));
    return EXIT.usage;
  }
  // Before the log is opened, which puts right what a crash left of it.
  const hold = await holdBorder(setup.value.at(setup.value.config.border.returns));
  if (!hold.ok) {
    io.err(renderFault('exporter', hold.fault));
    return EXIT.fault;
  }
  try {
    return await logging(setup.value, io);
  } finally {
    await hold.value.release();
  }
}

async function logging(setup: Setup, io: ExporterIo): Promise<number> {
  const { config, logKey, at } = setup;
  const { origin, directory } = config.log;
  const log = openLog({ directory: at(directory), origin, signingKey: logKey, clock: io.clock });
  if (!log.ok) {
    io.err(renderFault('exporter', log.fault));
    return EXIT.fault;
  }
  const traffic = followTraffic(log.value);
  const ended = traffic.ok ? await capturing(traffic.value, setup, io) : traffic;
  log.value.close();
  if (!ended.ok) io.err(renderFault('exporter', ended.fault));
  return ended.ok ? EXIT.done : EXIT.fault;
}

async function capturing(traffic: Traffic, setup: Setup, io: ExporterIo): Promise<Result<undefined, ExporterFault>> {
  const { config, captureKey: publicKey, at } = setup;
  const capture = openCapture({
    ...config.capture,
    directory: at(config.capture.directory),
    publicKey,
    clock: io.clock,
  });
  if (!capture.ok) return capture;
  const expire = async () => {
    const expired = await expireCaptures(
      { capture: capture.value, traffic, clock: io.clock },
      config.capture.sampleEvery,
    );
    if (!expired.ok) io.err(renderFault('exporter', expired.fault));
  };
  const timer = setInterval(() => void expire(), EXPIRE_PERIOD_MS);
  try {
    return await follow({ traffic, capture: capture.value }, setup, io);
  } finally {
    clearInterval(timer);
    capture.value.close();
  }
}

interface Records {
  readonly traffic: Traffic;
  readonly capture: Capture;
}

async function follow(records: Records, setup: Setup, io: ExporterIo): Promise<Result<undefined, ExporterFault>> {
  const { traffic, capture } = records;
  const closed = await closeLostConnections(traffic, capture.catalogue.find);
  if (!closed.ok) return closed;
  const tellStatus = () => io.status({ role: 'exporter', ...traffic.counts(), log: traffic.head() });
  tellStatus();
  const timer = setInterval(tellStatus, STATUS_PERIOD_MS);
  try {
    return await watchAndServe({ ...exporterOptions(records, setup, io), capture: records.capture }, setup, io);
  } finally {
    clearInterval(timer);
    tellStatus();
  }
}

/** Sends, and lets recipients fetch; when either can no longer log, both end. */
async function watchAndServe(
  options: ExporterOptions & Pick<Records, 'capture'>,
  { config, pull }: Setup,
  io: ExporterIo,
): Promise<Result<undefined, ExporterFault>> {
  if (config.pull === undefined || pull === undefined) return watchOutbox(options, io.stop);
  const stop = new AbortController();
  const end = () => stop.abort();
  io.stop.addEventListener('abort', end, { once: true });
  if (io.stop.aborted) end();
  let lost: ExporterFault | undefined;
  const onLogFault = (fault: ExporterFault) => {
    lost ??= fault;
    end();
  };
  const strangers = createStrangerLimit();
  const server = createPullServer({ ...options, tls: pull, pullLimits: config.pull, strangers, onLogFault });
  const listening = await server.listen(config.pull.listen);
  if (!listening.ok) return listening;
  io.err(`exporter: recipients may fetch at port ${listening.value}`);
  const watched = await watchOutbox(options, stop.signal);
  await server.stop();
  return lost === undefined ? watched : fail(lost);
}

function exporterOptions(
  { traffic, capture }: Records,
  { config, permitKey, handover, recipients, identity, at }: Setup,
  io: ExporterIo,
): ExporterOptions {
  return {
    clock: notBehind(traffic, io.clock),
    chance: io.chance,
    say: io.err,
    traffic,
    capture,
    outbox: at(config.border.outbox),
    returns: at(config.border.returns),
    permitKey,
    permitKeyFault: checkPermitKey(traffic.permitKey(), permitKey, handover),
    recipients,
    identity,
    limits: config.limits,
    transfersAtOnceMax: config.limits.transfersAtOnceMax,
    retry: config.retry,
    pollMs: config.pollMs,
    patience: config.patience,
    claims: createClaims(),
  };
}
