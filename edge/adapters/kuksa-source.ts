import type * as Grpc from '@grpc/grpc-js';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { entriesOf } from '../sources/kuksa-values.ts';
import { createSignalWindow } from '../sources/signal-window.ts';
import { connectionFault, missingLibrary } from '../sources/source-fault.ts';
import { KUKSA_MESSAGES, KUKSA_SERVICE } from './kuksa-messages.ts';

export interface KuksaSource {
  /** `host:port` of the databroker. */
  readonly address: string;
  readonly paths: readonly string[];
  readonly intervalMs: number;
  /** Without it the connection is plain: for a databroker on this machine. */
  readonly tls?: {
    /** PEM; the authorities of Node without it. */
    readonly authority?: string | undefined;
    readonly certificate?: string | undefined;
    readonly key?: string | undefined;
  };
  /** JSON web token for a databroker that asks for one. */
  readonly token?: string | undefined;
  readonly clock: Clock;
}

const RECONNECT_MIN_MS = 1_000;
const RECONNECT_MAX_MS = 30_000;

/** A connection that is dead without a word is found out after this, and the library's wait for an answer. */
const KEEP_ALIVE_MS = 30_000;

/** Largest answer, bytes; the library's own limit is four times this. */
const ANSWER_BYTES_MAX = 1_048_576;

/** Updates the databroker keeps for us while we are busy; it drops older ones then. */
const BUFFER_UPDATES = 1_000;

type Subscription = Grpc.ClientReadableStream<unknown>;

/**
 * Subscribes to signals of an Eclipse Kuksa databroker (gRPC, kuksa.val.v2). Its first answer holds the values it has, so
 * that a value may be older than the connection; each is dated as its provider dated it.
 *
 * A databroker that goes away is told once and connected to again, after 1 s, 2 s, ... 30 s.
 *
 * @returns a fault when the libraries are not installed: only this source needs them
 */
export async function subscribeToKuksa(
  settings: KuksaSource,
  events: FrameSourceEvents,
): Promise<Result<FrameSource, Fault>> {
  const subscribe = await openClient(settings);
  if (!subscribe.ok) return subscribe;
  const { take, flush } = takeAnswers(settings, events);
  const flushing = setInterval(flush, settings.intervalMs);
  let stream: Subscription | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = RECONNECT_MIN_MS;
  let isTold = false;
  let isClosed = false;

  const again = (cause: unknown): void => {
    if (isClosed) return;
    if (!isTold) events.onFault(connectionFault('kuksa', causeText(cause)));
    isTold = true;
    clearTimeout(timer);
    timer = setTimeout(start, pauseMs);
    pauseMs = Math.min(RECONNECT_MAX_MS, 2 * pauseMs);
  };
  const start = (): void => {
    const own = subscribe.value.start();
    stream = own;
    own.on('data', (answer: unknown) => {
      isTold = false;
      pauseMs = RECONNECT_MIN_MS;
      take(answer);
    });
    own.on('error', (cause: unknown) => again(cause));
    own.on('end', () => {
      if (own === stream) again('the databroker ended the subscription');
    });
  };
  start();
  return ok({
    close: async () => {
      isClosed = true;
      clearInterval(flushing);
      clearTimeout(timer);
      stream?.cancel();
      subscribe.value.close();
      flush();
    },
  });
}

interface KuksaClient {
  readonly start: () => Subscription;
  readonly close: () => void;
}

async function openClient({ address, paths, tls, token }: KuksaSource): Promise<Result<KuksaClient, Fault>> {
  const grpc = await load('@grpc/grpc-js', () => import('@grpc/grpc-js'));
  const loader = await load('@grpc/proto-loader', () => import('@grpc/proto-loader'));
  if (!grpc.ok) return grpc;
  if (!loader.ok) return loader;
  const { credentials, makeClientConstructor, Metadata } = grpc.value;
  const service = loader.value.fromJSON(KUKSA_MESSAGES, { longs: Number, oneofs: true })[KUKSA_SERVICE];
  const Client = makeClientConstructor(service as Grpc.ServiceDefinition, 'VAL');
  const channel =
    tls === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(bytesOf(tls.authority), bytesOf(tls.key), bytesOf(tls.certificate));
  const client = new Client(address, channel, {
    'grpc.max_receive_message_length': ANSWER_BYTES_MAX,
    'grpc.keepalive_time_ms': KEEP_ALIVE_MS,
    // A proxy named in the environment would be an address that no configuration names.
    'grpc.enable_http_proxy': 0,
  });
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  const request = { signalPaths: paths, bufferSize: BUFFER_UPDATES };
  // Made from the messages above, so that no type knows of it.
  const subscribe = client['Subscribe'] as (request: object, metadata: Grpc.Metadata) => Subscription;
  return ok({ start: () => subscribe.call(client, request, metadata), close: () => client.close() });
}

const bytesOf = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));

async function load<T>(name: string, from: () => Promise<T>): Promise<Result<T, Fault>> {
  try {
    return ok(await from());
  } catch {
    return fail(missingLibrary(name));
  }
}

function takeAnswers(
  { paths, intervalMs, clock }: KuksaSource,
  events: FrameSourceEvents,
): { readonly take: (answer: unknown) => void; readonly flush: () => void } {
  const window = createSignalWindow(intervalMs, events.onFrame);
  const wanted = new Set(paths);
  return {
    flush: window.flush,
    take: (answer) => {
      const entries = entriesOf(answer);
      if (entries === undefined) return events.onMalformed();
      for (const { path, at, value } of entries) {
        if (!wanted.has(path)) events.onRemoved('signal-not-mapped', 1);
        else if (value.kind === 'unfit') events.onRemoved('signal-invalid', 1);
        else if (value.kind === 'value' && !window.add(at ?? clock.now(), path, value.value, 'last')) {
          events.onRemoved('signal-aggregated', 1);
        }
      }
    },
  };
}
