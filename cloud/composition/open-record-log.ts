import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { readPrivate, readPublic, writeKeyPair } from '../adapters/file-zone-keys.ts';
import { type KafkaLibrary, type KafkaSettings, loadKafka } from '../adapters/kafka-client.ts';
import { joinKafkaGroup } from '../adapters/kafka-group.ts';
import { kafkaReader } from '../adapters/kafka-reader.ts';
import { kafkaSender } from '../adapters/kafka-sender.ts';
import { makeKafkaTopics, type TopicWish } from '../adapters/kafka-topics.ts';
import type { ClusterConfig, KafkaConfig } from '../config/record-log-config.ts';
import type { Stores } from '../ingest/group-commit.ts';
import type { JudgeParts } from '../ingest/judge.ts';
import type { Receive } from '../ingest/verify-ahead.ts';
import type { DeviceRegister } from '../ports/device-register.ts';
import type { GroupMember, LogReader, ReadFrom, RecordSender } from '../ports/record-log.ts';
import type { ZoneKeys } from '../ports/zone-keys.ts';
import type { CarriedZone } from '../ports/zone-store.ts';
import { createSegmentSealer } from '../record-log/carried-keys.ts';
import { createClassifyWork } from '../record-log/classify-work.ts';
import { createIntake, type IntakeParts } from '../record-log/intake.ts';
import { createRosterPublisher, type RosterParts } from '../record-log/publish-roster.ts';
import type { RefusedPayload } from '../record-log/quarantine-record.ts';
import { createRosterSeal, type RosterSeal } from '../record-log/roster-seal.ts';
import { type TakeIn, takeInBooks, takeInQuarantine, takeInZone } from '../record-log/take-in.ts';
import { type RecordZone, TOPIC_ZONES, type Topics, topicsOf } from '../record-log/topics.ts';
import {
  markAmongWorkers,
  openAmongWorkers,
  openForWorkers,
  sealAmongWorkers,
  sealForWorkers,
} from '../record-log/transit.ts';

/** The record log of one installation, with the client loaded and nothing connected. */
export interface OpenRecordLog {
  readonly library: KafkaLibrary;
  readonly topics: Topics;
  readonly config: KafkaConfig;
  /** Of the first cluster. */
  readonly settings: KafkaSettings;
  /** Of the cluster that has the topic of a zone. */
  readonly settingsOf: (zone: RecordZone) => KafkaSettings;
  readonly path: (relative: string) => string;
}

export interface RecordLogSurroundings {
  readonly clock: Clock;
  readonly fault: (fault: Fault) => void;
}

const TRANSIT = 'transit';
const privateFile = (directory: string): string => join(directory, `${TRANSIT}.key`);
const publicFile = (directory: string): string => join(directory, `${TRANSIT}.pub`);

/** @throws the system's error when a certificate or password cannot be read */
export function openRecordLog(config: KafkaConfig, path: LoadedConfig<unknown>['path']): Result<OpenRecordLog, Fault> {
  const library = loadKafka();
  if (!library.ok) return library;
  const settings = settingsFor(config, path);
  return ok({
    library: library.value,
    topics: topicsOf(config.prefix),
    config,
    settings,
    settingsOf: (zone) => {
      const own = config.zones[zone];
      return own === undefined ? settings : settingsFor(own, path);
    },
    path,
  });
}

/** Makes the pair that covers records on their way, and the topics, where they are not there. @returns what was made */
export async function initialiseRecordLog(log: OpenRecordLog): Promise<Result<readonly string[], Fault>> {
  const { config, topics, library, settings, settingsOf } = log;
  const directory = log.path(config.keys);
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const isNew = !existsSync(publicFile(directory));
  if (isNew) writeKeyPair(privateFile(directory), publicFile(directory));
  const wish = (topic: string, isCompacted = false): TopicWish => ({ ...config, topic, isCompacted });
  const own = [topics.raw, topics.books, topics.quarantine].map((topic) => wish(topic));
  const made = await makeKafkaTopics(library, settings, [...own, wish(topics.state, true)]);
  if (!made.ok) return made;
  const all = [...(isNew ? ['transit.key'] : []), ...made.value];
  for (const zone of TOPIC_ZONES) {
    const ofZone = await makeKafkaTopics(library, settingsOf(zone), [wish(topics.zone(zone))]);
    if (!ofZone.ok) return ofZone;
    all.push(...ofZone.value);
  }
  return ok(all);
}

/** What takes payloads to the record log. It has no key that opens any of them. */
export async function openIntake(
  log: OpenRecordLog,
  { clock, fault, onDurable }: RecordLogSurroundings & Pick<IntakeParts, 'onDurable'>,
): Promise<Result<{ readonly receive: Receive; readonly close: RecordSender['close'] }, Fault>> {
  const publicKey = readPublic(publicFile(log.path(log.config.keys)));
  const opened = await kafkaSender(log.library, log.settings, fault);
  if (!opened.ok) return opened;
  const topic = log.topics.raw;
  const sealer = sealForWorkers(publicKey, topic, { clock, random: randomBytes });
  const sender = opened.value;
  return ok({
    receive: createIntake({ topic, sender, sealer, clock, onDurable, onFault: fault }),
    close: sender.close,
  });
}

export interface ClassifierParts extends JudgeParts {
  readonly register: Pick<DeviceRegister, 'find'>;
  /** Public halves are enough. */
  readonly zoneKeys: ZoneKeys;
  readonly sessionMs?: number;
}

/** A worker that classifies: one member of the group of this installation. */
export async function openClassifier(
  log: OpenRecordLog,
  parts: ClassifierParts,
  { clock, fault }: RecordLogSurroundings,
): Promise<Result<GroupMember, Fault>> {
  const { topics, config, library, settings } = log;
  const privateKey = readTransitKey(log);
  const elsewhere = await openElsewhere(log, fault);
  if (!elsewhere.ok) return elsewhere;
  const sealing = { clock, random: randomBytes };
  const work = createClassifyWork({
    ...parts,
    topics,
    raw: openForWorkers(privateKey, topics.raw),
    books: sealAmongWorkers(privateKey, topics.books, sealing),
    quarantine: sealAmongWorkers(privateKey, topics.quarantine, sealing),
    segments: (zone) => createSegmentSealer(zone, { ...sealing, keys: parts.zoneKeys }),
    mark: (zone) => markAmongWorkers(privateKey, topics.zone(zone)),
    oneByOne: elsewhere.value.size > 0,
  });
  const member = joinKafkaGroup(library, settings, {
    group: `${config.prefix}.classify`,
    topic: topics.raw,
    stateTopic: topics.state,
    transactionalId: `${config.prefix}.classify.${randomBytes(8).toString('hex')}`,
    work,
    elsewhere: elsewhere.value,
    onFault: fault,
    ...(parts.sessionMs !== undefined && { sessionMs: parts.sessionMs }),
  });
  const stop = async (): Promise<void> => {
    await member.stop();
    for (const sender of elsewhere.value.values()) await sender.close();
  };
  return ok({ ...member, stop });
}

/** A sender for each topic of a zone that has a cluster of its own. */
async function openElsewhere(
  log: OpenRecordLog,
  fault: (fault: Fault) => void,
): Promise<Result<ReadonlyMap<string, RecordSender>, Fault>> {
  const senders = new Map<string, RecordSender>();
  for (const zone of TOPIC_ZONES) {
    if (log.config.zones[zone] === undefined) continue;
    const sender = await kafkaSender(log.library, log.settingsOf(zone), fault);
    if (!sender.ok) return sender;
    senders.set(log.topics.zone(zone), sender.value);
  }
  return ok(senders);
}

export interface TakeInParts {
  readonly stores: Omit<Stores, 'zones'> & { readonly zones: Readonly<Record<RecordZone, CarriedZone>> };
  /** Told of each refused payload once it is durable, and perhaps again after a crash. */
  readonly onRefused: (payload: RefusedPayload) => void;
  readonly onForged: (topic: string) => void;
}

/** Takes what workers made into the stores. One process of an installation does; the lock of the logs sees to that. */
export async function openTakeIn(
  log: OpenRecordLog,
  { stores, onRefused, onForged }: TakeInParts,
  onEnd: (cause: unknown) => void,
): Promise<LogReader> {
  const { topics, library, settings, settingsOf } = log;
  const privateKey = readTransitKey(log);
  const readers: LogReader[] = [];
  const read = async (of: KafkaSettings, from: readonly ReadFrom[], takes: ReadonlyMap<string, TakeIn>) => {
    const take = (topic: string, records: Parameters<TakeIn>[0]): void => takes.get(topic)?.(records);
    readers.push(await kafkaReader(library, of, { from, take, onEnd }));
  };
  const books = takeInBooks(stores, openAmongWorkers(privateKey, topics.books), onForged);
  const opener = openAmongWorkers(privateKey, topics.quarantine);
  const quarantine = takeInQuarantine(stores, opener, { onForged, onRefused });
  const takes = new Map<string, TakeIn>([
    [topics.books, books],
    [topics.quarantine, quarantine],
  ]);
  const from = [topics.books, topics.quarantine].map(
    (topic): ReadFrom => ({ topic, positions: stores.ledger.positions(topic) }),
  );
  for (const zone of TOPIC_ZONES) {
    const topic = topics.zone(zone);
    const take = takeInZone(stores.zones[zone], markAmongWorkers(privateKey, topic), onForged);
    const where = { topic, positions: stores.zones[zone].positions(topic) };
    if (settingsOf(zone) === settings) {
      takes.set(topic, take);
      from.push(where);
    } else await read(settingsOf(zone), [where], new Map([[topic, take]]));
  }
  await read(settings, from, takes);
  return {
    stop: async () => {
      for (const reader of readers) await reader.stop();
    },
  };
}

/** What writes the register down for processes of other machines. */
export function openRosterPublisher(
  log: OpenRecordLog,
  parts: Omit<RosterParts, 'seal'>,
  clock: Clock,
): { readonly look: () => void } {
  return createRosterPublisher({ ...parts, seal: rosterSeal(log, clock).seal });
}

/** VINs of a roster, for who has the key of the workers, each bound to the number that it stands beside. */
export function rosterSeal(log: OpenRecordLog, clock: Clock): RosterSeal {
  const [key, name] = [readTransitKey(log), `${log.config.prefix}.roster`];
  return createRosterSeal(sealAmongWorkers(key, name, { clock, random: randomBytes }), openAmongWorkers(key, name));
}

function readTransitKey({ config, path }: OpenRecordLog) {
  return readPrivate(privateFile(path(config.keys)), TRANSIT);
}

/** How long a client waits at most before it tries again to reach a broker that was away. */
const RECONNECT_MS_MAX = 1_000;

/** Names of librdkafka's settings. */
function settingsFor({ brokers, security }: ClusterConfig, path: (relative: string) => string): KafkaSettings {
  const list = {
    'bootstrap.servers': brokers.join(','),
    'client.id': 'tongguan',
    'reconnect.backoff.max.ms': RECONNECT_MS_MAX,
  };
  if (security.kind === 'insecure-plaintext') return { ...list, 'security.protocol': 'plaintext' };
  const { caFile, certificateFile, keyFile } = security;
  const tls = {
    ...list,
    'ssl.ca.location': path(caFile),
    'ssl.endpoint.identification.algorithm': 'https',
    ...(certificateFile !== undefined && { 'ssl.certificate.location': path(certificateFile) }),
    ...(keyFile !== undefined && { 'ssl.key.location': path(keyFile) }),
  };
  if (security.kind === 'tls') return { ...tls, 'security.protocol': 'ssl' };
  return {
    ...tls,
    'security.protocol': 'sasl_ssl',
    'sasl.mechanisms': security.mechanism,
    'sasl.username': security.username,
    'sasl.password': readFileSync(path(security.passwordFile), 'utf8').trim(),
  };
}
