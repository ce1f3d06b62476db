import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { EXIT } from '../../../proto/config/role.ts';
import { renderFault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { Clock } from '../../../proto/words/time.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from '../exporter-fault.ts';
import { createCompleter } from './complete-transfer.ts';
import type { ReceiverConfig } from './config.ts';
import { layoutOf, prepareLayout } from './layout.ts';
import { createResumer } from './resume-file.ts';
import { createServer } from './server.ts';
import { loadReceiverSetup, type ReceiverSetup } from './setup.ts';
import { createTaker } from './take-file.ts';

/** What `tongguan up` shows. */
export interface ReceiverStatus {
  readonly role: 'receiver';
  /** Parcels on disk. */
  readonly received: number;
  readonly host: string;
  /** The one in fact, where the configuration says 0. */
  readonly port: number;
}

export interface ReceiverIo {
  readonly clock: Clock;
  /** One line for people. */
  readonly err: (line: string) => void;
  /** Called once the receiver listens, and for every parcel received. */
  readonly status: (status: ReceiverStatus) => void;
  readonly stop: AbortSignal;
}

/**
 * Runs the reference receiver until `io.stop` is aborted.
 *
 * @returns exit status: 0 stopped, 1 fault, 2 configuration
 */
export async function runReceiver(configPath: string, io: ReceiverIo): Promise<number> {
  const setup = await loadReceiverSetup(configPath);
  if (!setup.ok) {
    for (const fault of setup.fault) io.err(renderFault('receiver', fault));
    return EXIT.usage;
  }
  const served = await serve(setup.value, io);
  if (!served.ok) io.err(renderFault('receiver', served.fault));
  return served.ok ? EXIT.done : EXIT.fault;
}

async function serve(setup: ReceiverSetup, io: ReceiverIo): Promise<Result<undefined, ExporterFault>> {
  const { config, key, publicKey, tls } = setup;
  const layout = layoutOf(setup.dataDirectory);
  const prepared = await attempt('STORE_UNWRITABLE', () =>
    prepareLayout(
      layout,
      config.exporters.map(({ id }) => id),
    ),
  );
  if (!prepared.ok) return prepared;
  let received = prepared.value;
  let port = config.listen.port;
  const tell = () => io.status({ role: 'receiver', received, host: config.listen.host, port });

  const { limits, recipientId } = config;
  const onReceived = () => {
    received += 1;
    tell();
  };
  const completer = createCompleter({ layout, limits, clock: io.clock, recipientId, key, publicKey, onReceived });
  const taking = { layout, limits, isCompleting: completer.isCompleting };
  const takeFile = createTaker(taking);
  const resumer = createResumer(taking);
  const { connectionsMax } = limits;
  const exporters = exportersByCertificate(config);
  const app = createServer({
    tls,
    exporters,
    connectionsMax,
    takeFile,
    resumer,
    complete: completer.complete,
    say: io.err,
  });

  const at = ` ${config.listen.host}:${config.listen.port}, listen`;
  const listening = await attempt('LISTEN_REFUSED', () => app.listen(config.listen), at);
  if (!listening.ok) return listening;
  port = (app.server.address() as AddressInfo).port;
  tell();
  await untilStopped(app, io.stop);
  return ok(undefined);
}

function exportersByCertificate(config: ReceiverConfig): ReadonlyMap<string, string> {
  return new Map(config.exporters.map(({ id, certificateSha256 }) => [certificateSha256, id]));
}

async function untilStopped(app: FastifyInstance, stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  await app.close();
}

async function attempt<T>(
  code: 'STORE_UNWRITABLE' | 'LISTEN_REFUSED',
  work: () => Promise<T>,
  about = '',
): Promise<Result<T, ExporterFault>> {
  try {
    return ok(await work());
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(exporterFault(code, `${errorCode(cause)}${about}`));
  }
}
