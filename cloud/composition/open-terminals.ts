import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { redacted } from '../../proto/words/redacted.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { type EndReason, listenForTerminals, type TerminalServer } from '../adapters/terminal-server.ts';
import type { CloudConfig } from '../config/config.ts';
import type { Gateway } from '../gateway.ts';
import { terminalCode, terminalTag } from '../partition/recipient-tag.ts';
import type { Sender } from '../ports/device-register.ts';
import type { GbParts } from '../terminals/ingress/gb-intake.ts';
import { createPlatformDoor, type PlatformDoor, SHUT } from '../terminals/ingress/gb-platform.ts';
import { createGbSession } from '../terminals/ingress/gb-session.ts';
import { createPresence, type Presence } from '../terminals/ingress/presence.ts';
import type { Outcome, SessionParts } from '../terminals/ingress/session.ts';
import { readSignatureKeys } from '../terminals/keys/read-signature-keys.ts';
import { readTerminalKeys } from '../terminals/keys/read-terminal-keys.ts';
import { createSignatureKeys, type SignatureKeys } from '../terminals/keys/signature-keys.ts';
import { createTerminalKeys, type TerminalKeys } from '../terminals/keys/terminal-keys.ts';
import { custodianOn } from '../zones/custodian.ts';
import { type Gathering, gatherArrivals } from './gather-arrivals.ts';
import { type ForwardAround, type Forwarding, type ForwardStatus, openForwarding } from './open-forwarding.ts';
import type { OpenCloud } from './upkeep.ts';

/** Counts and no content. */
export interface TerminalStatus {
  readonly port: number;
  /** Of datagrams, where there is one beside that of connections. */
  readonly udpPort?: number;
  readonly connections: number;
  readonly loggedIn: number;
  readonly registered: number;
  /** Frames, by what became of them. */
  readonly frames: Readonly<Partial<Record<Outcome, number>>>;
  /** Connections that were ended, by reason. */
  readonly ended: Readonly<Partial<Record<EndReason, number>>>;
  /** Absent where nothing is forwarded. */
  readonly forwarding?: readonly ForwardStatus[];
}

export interface OpenTerminals {
  readonly status: () => TerminalStatus;
  readonly cutOff: (mayConnect: (device: DeviceId) => boolean) => void;
  readonly close: () => Promise<void>;
}

/** Logins that nothing vouches for, kept as evidence in one minute; the others are counted. */
const UNBOUND_KEPT_A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** In the place of a sender that is none of ours. */
const NOBODY: Sender = { device: 'unregistered' as DeviceId, number: 0, vin: redacted('' as Vin) };

/** Opens the port of GB/T 32960 where one is configured. @param key - the processor's pseudonym key */
export async function openTerminals(
  loaded: LoadedConfig<CloudConfig>,
  open: OpenCloud & { readonly gateway: Gateway; readonly isBarred: (device: number) => boolean },
  around: RoleSurroundings & {
    readonly alert: (document: Readonly<Record<string, unknown>>) => void;
    readonly gatherMs?: number;
  },
  key: Uint8Array,
): Promise<Result<OpenTerminals | undefined, Fault>> {
  const settings = loaded.config.terminals?.gb32960;
  if (settings === undefined) return ok(undefined);
  const { custodian } = loaded.config.zones;
  const { clock } = around;
  const standing = custodianOn(custodian, clock);
  // One that has lapsed may be renewed while the cloud runs on; a port for positions without one is never opened.
  if (custodian === undefined && !standing.ok) return standing;
  const opened = openIntake(loaded, settings, { ...around, take: open.gateway.take }, key);
  if (!opened.ok) return opened;
  const { keys, signatures, gathering, forwarding } = opened.value;
  const platforms = await openPlatforms(loaded, settings.platforms ?? [], clock);
  if (!platforms.ok) return platforms;
  const frames: Partial<Record<Outcome, number>> = {};
  const ended: Partial<Record<EndReason, number>> = {};
  const presence = createPresence();
  const lapsed = oncePerMinute(around, () => around.alert({ code: 'TERMINALS_WITHOUT_CUSTODIAN' }));
  const parts: GbParts = {
    register: open.stores.register,
    presence,
    clock,
    keys,
    signatures,
    platforms: platforms.value,
    hasCustodian: () => custodianOn(custodian, clock).ok,
    isBarred: open.isBarred,
    digestOf: (code) => terminalCode(key, code),
    tagOf: ({ vin }) => terminalTag(key, vin.reveal()),
    take: gathering.take,
    unbound: keeperOfUnbound(gathering.take, around),
    count: (outcome) => {
      frames[outcome] = (frames[outcome] ?? 0) + 1;
      if (outcome === 'refused-custodian') lapsed();
    },
  };
  const listening = await listenForTerminals(
    { ...serverSettings(loaded, settings), section: 'terminals.gb32960', idleMs: settings.idleSeconds * 1_000 },
    {
      find: open.stores.register.find,
      open: (origin, link) => createGbSession(parts, origin, link),
      onEnded: (reason) => {
        ended[reason] = (ended[reason] ?? 0) + 1;
      },
    },
  );
  if (!listening.ok) {
    forwarding?.close();
    return listening;
  }
  const counts = { presence, frames, ended, registered: () => open.stores.register.countTerminals('gb32960') };
  return ok(terminalsOf(listening.value, opened.value, counts));
}

interface Counts {
  readonly presence: Presence;
  readonly frames: Readonly<Partial<Record<Outcome, number>>>;
  readonly ended: Readonly<Partial<Record<EndReason, number>>>;
  readonly registered: () => number;
}

function terminalsOf(
  server: TerminalServer,
  { gathering, forwarding }: Intake,
  { presence, frames, ended, registered }: Counts,
): OpenTerminals {
  return {
    status: () => ({
      ...{ port: server.port, connections: server.connections(), loggedIn: presence.count() },
      ...{ registered: registered(), frames: { ...frames }, ended: { ...ended } },
      ...(forwarding === undefined ? {} : { forwarding: forwarding.status() }),
    }),
    cutOff: presence.cutOff,
    close: () => {
      gathering.flush();
      forwarding?.close();
      return server.close();
    },
  };
}

interface Intake {
  readonly keys: TerminalKeys;
  readonly signatures: SignatureKeys;
  readonly gathering: Gathering;
  readonly forwarding: Forwarding | undefined;
}

/** What frames pass on their way in: keys that open them, the queues of platforms, and the gateway, in bursts. */
function openIntake(
  loaded: LoadedConfig<CloudConfig>,
  { keysFile, signatureKeysFile }: Settings,
  around: ForwardAround & Pick<Gateway, 'take'> & { readonly gatherMs?: number },
  key: Uint8Array,
): Result<Intake, Fault> {
  const keys = keysFile === undefined ? ok([]) : readTerminalKeys(loaded.path(keysFile));
  if (!keys.ok) return keys;
  const signatures = signatureKeysFile === undefined ? ok([]) : readSignatureKeys(loaded.path(signatureKeysFile));
  if (!signatures.ok) return signatures;
  const forwarding = openForwarding(loaded, around, key);
  if (!forwarding.ok) return forwarding;
  const { take, clock, gatherMs } = around;
  const gathering = gatherArrivals({ take, clock, gatherMs, before: forwarding.value?.add });
  return ok({
    keys: createTerminalKeys(keys.value),
    signatures: createSignatureKeys(signatures.value),
    gathering,
    forwarding: forwarding.value,
  });
}

type Settings = NonNullable<NonNullable<CloudConfig['terminals']>['gb32960']>;

/** The hashes of passwords are read once. */
async function openPlatforms(
  { path }: LoadedConfig<CloudConfig>,
  platforms: NonNullable<Settings['platforms']>,
  clock: Clock,
): Promise<Result<PlatformDoor, Fault>> {
  if (platforms.length === 0) return ok(SHUT);
  const read = platforms.map(({ passwordHashFile, ...platform }) => ({
    ...platform,
    passwordHash: readFileSync(path(passwordHashFile), 'utf8').trim(),
  }));
  const unusable = read.find(({ passwordHash }) => !ARGON2ID.test(passwordHash));
  if (unusable !== undefined) return fail(badHash(unusable.id));
  const { argon2Passwords } = await import('../adapters/argon2-passwords.ts');
  return ok(createPlatformDoor({ platforms: read, verify: argon2Passwords().verify, clock }));
}

const ARGON2ID = /^\$argon2id\$v=19\$[\x21-\x7e]{1,256}$/;

function badHash(platform: string): Fault<'TERMINAL_PLATFORM_PASSWORD'> {
  return {
    code: 'TERMINAL_PLATFORM_PASSWORD',
    problem: bilingual(`the password hash of platform ${platform} cannot be used`, `平台 ${platform} 的口令散列不可用`),
    remedy: bilingual('write there what `tongguan terminal hash` prints', '请写入 `tongguan terminal hash` 的输出'),
    retry: 'after-remedy',
  };
}

/** Where one port listens, and with which certificates. */
export function serverSettings(
  { path }: LoadedConfig<CloudConfig>,
  { host, port, tls }: Pick<Settings, 'host' | 'port' | 'tls'>,
) {
  if (tls === undefined) return { host, port };
  const read = (file: string): string => readFileSync(path(file), 'utf8');
  return {
    host,
    port,
    tls: {
      certificate: read(tls.certificateFile),
      key: read(tls.keyFile),
      deviceAuthority: read(tls.deviceAuthorityFile),
    },
  };
}

export function keeperOfUnbound(take: Gateway['take'], { clock }: RoleSurroundings): SessionParts['unbound'] {
  let minute = 0;
  let kept = 0;
  return (payload, done, rejection = 'TERMINAL_UNBOUND') => {
    const receivedAt = clock.now();
    const now = Math.floor(receivedAt / MINUTE_MS);
    if (now !== minute) kept = 0;
    minute = now;
    kept += 1;
    if (kept > UNBOUND_KEPT_A_MINUTE) {
      done();
      return;
    }
    take({ device: NOBODY, payload, receivedAt, batch: undefined, rejection }, () => done());
  };
}

export function oncePerMinute({ clock }: RoleSurroundings, tell: () => void): () => void {
  let minute = 0;
  return () => {
    const now = Math.floor(clock.now() / MINUTE_MS);
    if (now !== minute) tell();
    minute = now;
  };
}
