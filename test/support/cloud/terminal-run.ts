import { connect, type Socket } from 'node:net';
import type { openJtTerminals } from '../../../cloud/composition/open-jt-terminals.ts';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import { type OpenTerminals, openTerminals } from '../../../cloud/composition/open-terminals.ts';
import type { OpenCloud } from '../../../cloud/composition/upkeep.ts';
import type { CloudConfig } from '../../../cloud/config/config.ts';
import { createGateway } from '../../../cloud/gateway.ts';
import { createTrustKeeper } from '../../../cloud/ingest/trust-keeper.ts';
import { terminalCode } from '../../../cloud/partition/recipient-tag.ts';
import type { LoadedConfig } from '../../../proto/config/read-config.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { parseVin, type Vin } from '../../../proto/words/vin.ts';
import { NOW } from './batches.ts';
import { CUSTODIAN } from './custodian.ts';

export const PSEUDONYM_KEY: Uint8Array = new Uint8Array(32).fill(7);

export interface TerminalRun {
  readonly terminals: OpenTerminals;
  /** Codes of rejections that were alerts, and of other alerts. */
  readonly alerts: readonly string[];
  readonly setClock: (instant: number) => void;
}

/** What of the cloud's configuration a test changes. */
export type TerminalSettings = Pick<Partial<CloudConfig>, 'terminals' | 'confidentiality'>;

/** A port over real stores, on a free port of this machine. @param open - what opens it */
export async function servePort(
  stores: CloudStores,
  open: typeof openJtTerminals,
  settings: TerminalSettings,
  fill: Partial<OpenCloud> = {},
): Promise<TerminalRun> {
  let now: Instant = NOW;
  const clock = { now: () => now };
  const alerts: string[] = [];
  const trust = createTrustKeeper(stores.register, clock);
  const gateway = createGateway({
    ...{ stores, clock, trust },
    onDurable: () => undefined,
    onAlert: (_, code) => alerts.push(code),
    onFault: (fault) => alerts.push(fault.code),
  });
  const config = { ...settings, recheck: {}, zones: { custodian: CUSTODIAN } };
  let drawn = 0;
  const opened = await open(
    { config: config as unknown as CloudConfig, path: (file: string) => file } as LoadedConfig<CloudConfig>,
    { ...({ stores, ...fill } as OpenCloud), gateway, isBarred: (device) => trust.of(device) === 'barred' },
    {
      // A pause as long as in service, before each of hundreds of answers, would be most of the time of these tests.
      ...({ clock, gatherMs: 1 } as unknown as Parameters<typeof openJtTerminals>[2]),
      alert: ({ code }) => alerts.push(String(code)),
      draw: (bytes) => {
        drawn += 1;
        return String(drawn).padStart(2 * bytes, '0');
      },
    },
    PSEUDONYM_KEY,
  );
  if (!opened.ok || opened.value === undefined) throw new Error('the port opens');
  return {
    terminals: opened.value,
    alerts,
    setClock: (instant) => {
      now = instant as Instant;
    },
  };
}

/** The port of GB/T 32960. */
export const serveTerminals = (
  stores: CloudStores,
  fill: Partial<OpenCloud> = {},
  settings: object = {},
): Promise<TerminalRun> =>
  servePort(
    stores,
    openTerminals,
    { confidentiality: [], terminals: { gb32960: { host: '127.0.0.1', port: 0, idleSeconds: 60, ...settings } } },
    fill,
  );

export function vinFrom(text: string): Vin {
  const vin = parseVin(text);
  if (!vin.ok) throw new Error('a VIN');
  return vin.value;
}

/** Registers a terminal that may come from this machine. */
export function registerTerminal(stores: CloudStores, vin: string, iccid: string, sources = ['127.0.0.0/8']): void {
  const device = Buffer.from(vin.slice(-8)).toString('hex').padEnd(32, '0');
  const code = terminalCode(PSEUDONYM_KEY, iccid);
  stores.register.addTerminals([{ protocol: 'gb32960', name: vin, device, vin: vinFrom(vin), sources, code }]);
}

/** A terminal on a socket: what it sends, and what it is answered. */
export interface TestTerminal {
  readonly send: (bytes: Uint8Array) => void;
  readonly answers: () => Buffer;
  /** Resolves once so many bytes were answered. */
  readonly answered: (bytes: number) => Promise<Buffer>;
  readonly ended: Promise<unknown>;
  readonly end: () => void;
}

export function connectTerminal(port: number): TestTerminal {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let got: Buffer = Buffer.alloc(0);
  let look = (): void => undefined;
  socket.on('data', (segment: Buffer) => {
    got = Buffer.concat([got, segment]);
    look();
  });
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  return {
    send: (bytes) => socket.write(bytes),
    answers: () => got,
    answered: (bytes) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (got.length >= bytes) resolve(got);
        };
        void ended.then(() => (got.length >= bytes ? resolve(got) : reject(new Error(`ended after ${got.length}`))));
        look();
      }),
    ended,
    end: () => socket.destroy(),
  };
}
