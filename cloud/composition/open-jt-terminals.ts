import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import { listenForDatagrams } from '../adapters/terminal-datagrams.ts';
import {
  type EndReason,
  listenForTerminals,
  type TerminalServer,
  type TerminalServerEvents,
} from '../adapters/terminal-server.ts';
import { attestedAdapters } from '../attested-adapters.ts';
import type { CloudConfig } from '../config/config.ts';
import type { Gateway } from '../gateway.ts';
import { terminalCode, terminalTag } from '../partition/recipient-tag.ts';
import type { JtParts } from '../terminals/ingress/jt-conversation.ts';
import { createJtSession } from '../terminals/ingress/jt-session.ts';
import { createPresence } from '../terminals/ingress/presence.ts';
import { createRecentMessages } from '../terminals/ingress/recent-messages.ts';
import type { Outcome } from '../terminals/ingress/session.ts';
import { createRoom } from '../terminals/jt808/assembly.ts';
import { custodianOn } from '../zones/custodian.ts';
import { openTerminalPictures } from './open-terminal-pictures.ts';
import { keeperOfUnbound, type OpenTerminals, oncePerMinute, serverSettings } from './open-terminals.ts';
import type { OpenCloud } from './upkeep.ts';

/** Bytes of messages in parts that all terminals together may have open. */
const PARTS_BYTES_MAX = 268_435_456;
/** An authentication code: as hexadecimal it fits the one byte of length that 2019 gives it. */
const CODE_BYTES = 16;

type Around = RoleSurroundings & {
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
  readonly draw: (bytes: number) => string;
};
type Opening = OpenCloud & { readonly gateway: Gateway; readonly isBarred: (device: number) => boolean };

/** Opens the ports of JT/T 808 that are configured, which share everything but their sockets. @param key - the processor's pseudonym key */
export async function openJtTerminals(
  loaded: LoadedConfig<CloudConfig>,
  open: Opening,
  around: Around,
  key: Uint8Array,
): Promise<Result<OpenTerminals | undefined, Fault>> {
  const settings = loaded.config.terminals?.jt808;
  if (settings === undefined) return ok(undefined);
  const { custodian } = loaded.config.zones;
  const standing = custodianOn(custodian, around.clock);
  // One that has lapsed may be renewed while the cloud runs on; a port for positions without one is never opened.
  if (custodian === undefined && !standing.ok) return standing;
  const pictures = openTerminalPictures(loaded);
  const counts = createCounts(around);
  const parts: JtParts = {
    ...partsOf(loaded, open, around, key),
    ...{ pictures: pictures.intake, older: settings.older, count: counts.frame },
  };
  const events: Events = {
    find: open.stores.register.find,
    open: (origin, link) => createJtSession(parts, origin, link),
    onEnded: counts.end,
    now: around.clock.now,
  };
  const listening = await listenAll(loaded, settings, events);
  if (!listening.ok) {
    await pictures.close();
    return listening;
  }
  const servers = listening.value;
  return ok({
    status: () => ({
      port: servers[0]?.port ?? 0,
      ...(servers[1] && { udpPort: servers[1].port }),
      connections: servers.reduce((total, server) => total + server.connections(), 0),
      loggedIn: parts.presence.count(),
      registered: open.stores.register.countTerminals('jt808'),
      ...counts.status(),
    }),
    cutOff: parts.presence.cutOff,
    close: async () => {
      await closeAll(servers);
      await pictures.close();
    },
  });
}

type Settings = NonNullable<NonNullable<CloudConfig['terminals']>['jt808']>;
type Events = TerminalServerEvents & Parameters<typeof listenForDatagrams>[1];

/** TCP first; where one cannot listen, none does. */
async function listenAll(
  loaded: LoadedConfig<CloudConfig>,
  { tcp, udp, idleSeconds }: Settings,
  events: Events,
): Promise<Result<readonly TerminalServer[], Fault>> {
  const idleMs = idleSeconds * 1_000;
  const servers: TerminalServer[] = [];
  const openings = [
    tcp &&
      (() => listenForTerminals({ ...serverSettings(loaded, tcp), section: 'terminals.jt808.tcp', idleMs }, events)),
    udp && (() => listenForDatagrams({ ...udp, idleMs }, events)),
  ];
  for (const listen of openings) {
    const listening = await listen?.();
    if (listening?.ok === false) {
      await closeAll(servers);
      return listening;
    }
    if (listening !== undefined) servers.push(listening.value);
  }
  return ok(servers);
}

async function closeAll(servers: readonly TerminalServer[]): Promise<void> {
  for (const server of servers) await server.close();
}

function partsOf(
  { config }: LoadedConfig<CloudConfig>,
  { stores, gateway, isBarred }: Opening,
  around: Around,
  key: Uint8Array,
): Omit<JtParts, 'pictures' | 'older' | 'count'> {
  const { clock, draw } = around;
  return {
    ...{ register: stores.register, enrolments: stores.register, presence: createPresence(), clock, isBarred },
    hasCustodian: () => custodianOn(config.zones.custodian, clock).ok,
    digestOf: (code) => terminalCode(key, code),
    tagOf: ({ vin }) => terminalTag(key, vin.reveal()),
    take: gateway.take,
    unbound: keeperOfUnbound(gateway.take, around),
    drawCode: () => draw(CODE_BYTES),
    adapters: attestedAdapters(config.confidentiality),
    recent: createRecentMessages(),
    room: createRoom(PARTS_BYTES_MAX),
  };
}

/** Outcomes that are also alerts, at most once a minute each. */
const ALERTS: Readonly<Partial<Record<Outcome, string>>> = {
  'refused-custodian': 'TERMINALS_WITHOUT_CUSTODIAN',
  'refused-not-logged-in': 'TERMINAL_UNAUTHENTICATED',
};

function createCounts(around: Around) {
  const frames: Partial<Record<Outcome, number>> = {};
  const ended: Partial<Record<EndReason, number>> = {};
  const alerts = new Map(
    Object.entries(ALERTS).map(([outcome, code]) => [outcome, oncePerMinute(around, () => around.alert({ code }))]),
  );
  return {
    frame: (outcome: Outcome): void => {
      frames[outcome] = (frames[outcome] ?? 0) + 1;
      alerts.get(outcome)?.();
    },
    end: (reason: EndReason): void => {
      ended[reason] = (ended[reason] ?? 0) + 1;
    },
    status: () => ({ frames: { ...frames }, ended: { ...ended } }),
  };
}
