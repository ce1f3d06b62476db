import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AttemptOptions, begin, mayGoOn } from '../../cloud/exporter/attempt.ts';
import { type Claims, createClaims } from '../../cloud/exporter/claims.ts';
import { openingRecord } from '../../cloud/exporter/connection-record.ts';
import { createCut } from '../../cloud/exporter/cut.ts';
import { closeLostConnections } from '../../cloud/exporter/lost-connections.ts';
import { isTransferId, type TransferId } from '../../cloud/exporter/names.ts';
import { STOP_NAME } from '../../cloud/exporter/outbox.ts';
import { type Prepared, type PrepareOptions, prepare } from '../../cloud/exporter/prepare.ts';
import { readChecked } from '../../cloud/exporter/read-checked.ts';
import { isOutcome, writeReturn } from '../../cloud/exporter/return-file.ts';
import { followTraffic, notBehind, type Traffic } from '../../cloud/exporter/traffic.ts';
import { closingEntry, deliveredEntry, openingEntry, refusedEntry } from '../../cloud/exporter/traffic-entries.ts';
import type { OpenLog, openLog } from '../../cloud/log/open-log.ts';
import type { Instant } from '../../proto/words/time.ts';
import { createDisk, type Disk } from './disk.ts';
import { beginLog, type LogOnDisk } from './log-on-disk.ts';
import { createMachineClock, type MachineClock } from './machine-clock.ts';
import { createRecipient, type RecipientKeys, type RecipientModel } from './recipient.ts';
import type { World } from './world.ts';

/** A piece of a parcel that crossed the border. */
export interface Left {
  readonly transferId: string;
  readonly attempt: number;
  readonly at: Instant;
  /** By the clock of its machine. */
  readonly clock: Instant;
}

export interface Exporter {
  readonly disk: Disk;
  /** Begins whatever is due; called again and again, also while something is on its way. */
  readonly look: () => void;
  readonly left: readonly Left[];
  /** What must never happen, seen where it happened. */
  readonly findings: readonly string[];
  /** @throws while it is down */
  readonly log: () => OpenLog;
  readonly writtenAt: LogOnDisk['writtenAt'];
  readonly clock: MachineClock;
  readonly recipient: RecipientModel;
  readonly close: () => void;
}

export interface ExporterParts extends Pick<PrepareOptions, 'permitKey' | 'recipients'> {
  readonly world: World;
  readonly directory: string;
  readonly logKey: Parameters<typeof openLog>[0]['signingKey'];
  /** The directory that it shares with the cloud; undefined while that machine is down. */
  readonly border: () => string | undefined;
  readonly recipientKeys: RecipientKeys;
}

interface Running {
  readonly log: OpenLog;
  readonly traffic: Traffic;
  readonly claims: Claims;
}

interface Sending {
  readonly own: Running;
  readonly at: string;
  readonly mayStill: () => boolean;
  readonly prepared: Prepared;
}

const ENTRIES = 'log/entries.log';
const PIECES = 3;
const LIMITS = { filesMax: 10, parcelBytesMax: 1_000_000 };
const ENDS = { sourceIp: '192.0.2.1', sourcePort: 50_000, destinationIp: '198.51.100.1', destinationPort: 443 };

/**
 * The process at the border on a disk of its own: its log, its claims and each of its checks are the real ones. What it sends
 * over is a line that may break at any piece, and a recipient that takes what it has taken before.
 */
export function createExporter({
  world,
  directory,
  logKey,
  border,
  recipientKeys,
  ...checks
}: ExporterParts): Exporter {
  const left: Left[] = [];
  const findings: string[] = [];
  const clock = createMachineClock(world);
  const recipient = createRecipient(world, recipientKeys);
  const disk = createDisk(directory, world, () => {
    running = undefined;
    world.note('exporter dies');
    world.later(world.between(1_000, 60_000), () => {
      disk.revive();
      running = start();
      world.note(`exporter starts, ${running.traffic.head().size} entries`);
    });
  });
  const onDisk = beginLog({ disk, world, clock }, 'simulation.example/traffic', logKey);
  let running: Running | undefined = start();

  function start(): Running {
    const log = onDisk.open();
    const traffic = followTraffic(disk.mortal(log, ENTRIES, ['append']));
    if (!traffic.ok) throw new Error(`the traffic log is not understood: ${traffic.fault.code}`);
    void closeLostConnections(traffic.value, () => undefined);
    return { log, traffic: traffic.value, claims: createClaims() };
  }

  const look = (): void => {
    const [own, at] = [running, border()];
    if (own === undefined || at === undefined) return;
    for (const id of namesIn(join(at, 'outbox'))) {
      const { state } = own.traffic.history(id);
      if (isOutcome(state)) void report(id, own, at);
      else if (own.claims.take(id)) void attempt(id, own, at).finally(() => own.claims.release(id));
    }
  };

  const report = async (id: TransferId, { traffic }: Running, at: string): Promise<void> => {
    const { state: outcome, leafIndex } = traffic.history(id);
    const document = traffic.document(leafIndex);
    // As a process does that is killed before it comes to it.
    if (!isOutcome(outcome) || !document.ok || world.happens(100)) return;
    const written = { outcome, leafIndex, document: document.value };
    await world.meanwhile(async () => {
      if (border() === at && existsSync(join(at, 'outbox', id))) await writeReturn(join(at, 'returns'), id, written);
    });
  };

  const attempt = async (id: TransferId, own: Running, at: string): Promise<void> => {
    const { traffic } = own;
    const asked: Pick<AttemptOptions, 'outbox' | 'clock'> = {
      outbox: join(at, 'outbox'),
      clock: notBehind(traffic, clock),
    };
    const prepared = await world.meanwhile(() =>
      prepare(id, traffic.history(id), { ...checks, ...asked, limits: LIMITS, permitKeyFault: undefined }),
    );
    if (running !== own) return;
    if (!prepared.ok) {
      world.note(`${id} not prepared: ${prepared.fault.code}`);
      if (prepared.fault.retry === 'later') return;
      await traffic.append([refusedEntry(id, traffic.history(id).attempts, prepared.fault)]);
      return;
    }
    const mayStill = () => running === own && mayGoOn(id, createCut(), prepared.value, asked) === undefined;
    if (!mayStill()) return;
    const begun = await begin(id, prepared.value, traffic);
    if (!begun.ok) return;
    const opening = openingRecord(clock.now(), ENDS, begun.value);
    const opened = await traffic.append([openingEntry(id, opening)]);
    if (!opened.ok) return;
    const isWhole = await send(id, begun.value, { own, at, mayStill, prepared: prepared.value });
    if (running !== own) return;
    const answer = isWhole ? recipient.answer(id, prepared.value) : undefined;
    const bytes = { dataVolumeBytes: 1, bytesSent: 1, bytesReceived: 0, durationMs: 1, capture: null };
    const closing = {
      ...opening,
      openLeafIndex: opened.value,
      ...bytes,
      ended: isWhole ? (answer === undefined ? 'RECEIPT_INVALID' : 'receipt') : 'RECIPIENT_BROKE_OFF',
    };
    const last =
      answer === undefined ? [] : [deliveredEntry(id, begun.value, { receipt: answer, certificate: undefined })];
    await traffic.append([closingEntry(id, closing), ...last]);
    world.note(`${id}, attempt ${begun.value}: ${closing.ended}`);
  };

  const send = async (id: TransferId, number: number, { own, at, mayStill, prepared }: Sending): Promise<boolean> => {
    for (let piece = 0; piece < PIECES; piece += 1) {
      await new Promise<void>((done) => void world.later(world.between(10, 15_000), done));
      if (!mayStill() || world.happens(60)) return false;
      if (existsSync(join(at, 'outbox', `${id}.revoked`))) findings.push(`${id} went on after its permit was revoked`);
      if (existsSync(join(at, 'emergency-stop'))) findings.push(`${id} went on while exports were stopped`);
      const rows = prepared.parcel.files.find(({ name }) => name !== 'manifest.json');
      const bytes = await world.meanwhile(() => piecesOf(rows));
      if (bytes === undefined || running !== own) return false;
      if (bytes !== id) findings.push(`of ${id} something left that was not built for it`);
      left.push({ transferId: id, attempt: number, at: world.now(), clock: clock.now() });
    }
    await new Promise<void>((done) => void world.later(world.between(10, 5_000), done));
    return running === own && !world.happens(60);
  };

  return {
    disk,
    clock,
    recipient,
    writtenAt: onDisk.writtenAt,
    look,
    left,
    findings,
    log: () => {
      if (running === undefined) throw new Error('the exporter does not run');
      return running.log;
    },
    close: () => {
      running?.log.close();
      running = undefined;
    },
  };
}

const namesIn = (outbox: string): readonly TransferId[] =>
  readdirSync(outbox)
    .filter(isTransferId)
    .filter((name) => name !== STOP_NAME)
    .sort();

/** What goes out of a file, as the exporter reads it a second time; undefined where it is not what was checked. */
async function piecesOf(file: Prepared['parcel']['files'][number] | undefined): Promise<string | undefined> {
  let text = '';
  let isChanged = file === undefined;
  if (file !== undefined)
    for await (const piece of readChecked(file, 0, () => {
      isChanged = true;
    }))
      text += piece.toString('utf8');
  return isChanged ? undefined : text;
}
