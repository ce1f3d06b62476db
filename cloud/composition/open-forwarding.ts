import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { connectForward, type ForwardRefusal } from '../adapters/forward-connection.ts';
import { sqliteForwardQueues } from '../adapters/sqlite-forward-queue.ts';
import type { CloudConfig } from '../config/config.ts';
import {
  createForwardSession,
  type ForwardOutcome,
  type ForwardSession,
  type PlatformAccount,
} from '../forwarding/forward-session.ts';
import type { ForwardConfig } from '../forwarding/forwarding-config.ts';
import { chosenAddress, mayReceive, residencyOf } from '../forwarding/residency.ts';
import type { Arrival } from '../ingest/sort-out.ts';
import type { ForwardQueue } from '../ports/forward-queue.ts';

export const FORWARD_QUEUE_FILE = 'forward.sqlite';

type Counted = ForwardOutcome | ForwardRefusal | 'dropped';

/** Counts and no content. */
export interface ForwardStatus {
  readonly name: string;
  readonly isLoggedIn: boolean;
  readonly waiting: number;
  readonly counts: Readonly<Partial<Record<Counted, number>>>;
}

export interface Forwarding {
  /** Durable when it returns. */
  readonly add: (arrivals: readonly Arrival[]) => void;
  readonly status: () => readonly ForwardStatus[];
  readonly close: () => void;
}

const TICK_MS = 1_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;
const PASSWORD_CHARACTERS_MAX = 20;
const SERIALS = 65_531;

export interface ForwardAround {
  readonly clock: Clock;
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
}

/** Opens the way to each configured platform. @param key - the processor's pseudonym key */
export function openForwarding(
  { config, path }: LoadedConfig<CloudConfig>,
  around: ForwardAround,
  key: Uint8Array,
): Result<Forwarding | undefined, Fault> {
  const destinations = config.terminals?.forward ?? [];
  if (destinations.length === 0) return ok(undefined);
  // Where nobody has said what lies in the mainland, nothing does.
  const mainland = config.access?.mainland ?? [];
  const passwords = destinations.map(({ passwordFile }) => readFileSync(path(passwordFile), 'utf8').trim());
  if (passwords.some((text) => !/^[\x21-\x7e]+$/.test(text) || text.length > PASSWORD_CHARACTERS_MAX))
    return fail(badPassword());
  const queues = sqliteForwardQueues(join(path(config.stores.directory), FORWARD_QUEUE_FILE), key);
  const lines = destinations.map((to, index) => {
    const { edition, platform, user, tls } = to;
    const account = { edition, platform, user, password: passwords[index] ?? '' };
    const authority = tls === undefined ? undefined : readFileSync(path(tls.authorityFile), 'utf8');
    return openLine({ to, account, authority, mainland, queue: queues.of(to.name), ...around });
  });
  return ok({
    add: (arrivals) => {
      const frames = arrivals.filter(isForwarded).map(({ payload }) => payload);
      if (frames.length > 0) for (const line of lines) line.add(frames);
    },
    status: () => lines.map((line) => line.status()),
    close: () => {
      for (const line of lines) line.close();
      queues.close();
    },
  });
}

const START_BYTES: ReadonlySet<number | undefined> = new Set([0x23, 0x24]);
/** Login, realtime, reissue and logout of vehicles; what is kept unread is not passed on. */
const LAST_COMMAND = 4;

function isForwarded({ payload, batch, rejection }: Arrival): boolean {
  const [start, , command = 0xff] = payload;
  return batch !== undefined && rejection === undefined && START_BYTES.has(start) && command <= LAST_COMMAND;
}

interface LineParts extends ForwardAround {
  readonly to: ForwardConfig;
  readonly account: PlatformAccount;
  readonly authority: string | undefined;
  readonly mainland: readonly string[];
  readonly queue: ForwardQueue;
}

/** Keeps one connection to one platform for as long as it can. */
function openLine(parts: LineParts) {
  const { to, queue, clock } = parts;
  const counts: Partial<Record<Counted, number>> = {};
  let session: ForwardSession | undefined;
  let hangUp: () => void = () => undefined;
  let retry: NodeJS.Timeout | undefined;
  let pause = RETRY_MS_MIN;
  let serial = 0;
  let isClosed = false;
  const count = (outcome: Counted, by = 1): void => {
    counts[outcome] = (counts[outcome] ?? 0) + by;
    const isOften = outcome === 'acknowledged' || outcome === 'unreachable' || counts[outcome] > by;
    if (!isOften) parts.alert({ code: 'TERMINAL_FORWARD', destination: to.name, outcome });
  };
  const again = (): void => {
    if (isClosed) return;
    retry = setTimeout(() => void dial(), pause);
    pause = Math.min(pause * 2, RETRY_MS_MAX);
  };
  const dial = async (): Promise<void> => {
    const socket = await connectForward(addressOf(parts));
    if (typeof socket === 'string') {
      count(socket);
      again();
      return;
    }
    if (isClosed) {
      socket.destroy();
      return;
    }
    serial = (serial % SERIALS) + 1;
    hangUp = () => socket.destroySoon();
    session = createForwardSession({
      ...{ account: parts.account, serial, clock, queue, count, end: () => socket.destroy() },
      write: (bytes) => void socket.write(bytes),
    });
    const open = session;
    const ticking = setInterval(open.tick, TICK_MS);
    socket.on('data', (segment: Buffer) => {
      open.push(segment);
      if (open.isLoggedIn()) pause = RETRY_MS_MIN;
    });
    socket.once('close', () => {
      clearInterval(ticking);
      session = undefined;
      again();
    });
  };
  void dial();
  return {
    add: (frames: readonly Uint8Array[]): void => {
      const dropped = queue.add(frames);
      if (dropped > 0) count('dropped', dropped);
      session?.pump();
    },
    status: (): ForwardStatus => ({
      ...{ name: to.name, isLoggedIn: session?.isLoggedIn() ?? false, waiting: queue.count(), counts: { ...counts } },
    }),
    close: (): void => {
      isClosed = true;
      clearTimeout(retry);
      session?.leave();
      hangUp();
    },
  };
}

function addressOf({ to, mainland, authority }: LineParts) {
  const residency = residencyOf(to.networks, mainland);
  const tls = authority === undefined ? {} : { tls: { authority, certificateSha256: to.tls?.certificateSha256 } };
  return {
    ...{ host: to.host, port: to.port, ...tls },
    lookup: async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address),
    choose: (addresses: readonly string[]) => chosenAddress(addresses, residency),
    mayReceive: (address: string | undefined) => mayReceive(address, residency),
  };
}

function badPassword(): Fault<'TERMINAL_FORWARD_PASSWORD'> {
  return {
    code: 'TERMINAL_FORWARD_PASSWORD',
    problem: bilingual('a password for forwarding cannot be used', '转发口令不可用'),
    remedy: bilingual(
      'give 1 to 20 printable characters in `passwordFile`',
      '请在 `passwordFile` 中提供 1 至 20 个可打印字符',
    ),
    retry: 'after-remedy',
  };
}
