import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { approveTransfer, rejectTransfer } from '../../cloud/approvals/approve.ts';
import { createPermitWatch, revokeAll } from '../../cloud/approvals/permit-watch.ts';
import type { Requestable } from '../../cloud/datasets/contents.ts';
import type { OpenLog } from '../../cloud/log/open-log.ts';
import type { AuthorityRow, TransferRegister } from '../../cloud/ports/transfer-register.ts';
import { type ExportGateParts, type RegisteredRecipient, requestTransfer } from '../../cloud/transfer/export-gate.ts';
import { resumeTransfers, settleReturns } from '../../cloud/transfer/settle-transfers.ts';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { ACCOUNTS, matrixIn, row, TRUTH, TRUTHFUL } from './accounts.ts';
import { type DeskEmergency, deskEmergency } from './desk-emergency.ts';
import { deskStores, leftInStaging, smallBuild } from './desk-stores.ts';
import { createDisk, type Disk, DiskFull, PowerCut } from './disk.ts';
import { intrude } from './intruder.ts';
import { beginLog, type LogOnDisk } from './log-on-disk.ts';
import { createMachineClock, type MachineClock } from './machine-clock.ts';
import type { World } from './world.ts';

export interface Desk {
  readonly disk: Disk;
  readonly ask: () => void;
  readonly decide: () => void;
  readonly changeRoles: () => void;
  readonly look: () => void;
  /** Every permit that has not come back is withdrawn at once, as an emergency stop does. */
  readonly withdraw: () => void;
  readonly isUp: () => boolean;
  readonly transfers: () => TransferRegister;
  readonly log: () => OpenLog;
  readonly writtenAt: LogOnDisk['writtenAt'];
  readonly clock: MachineClock;
  /** Stops all exports, or says the word of somebody that they may go on. */
  readonly stop: () => void;
  readonly resume: (by?: string) => void;
  readonly isStopped: () => boolean;
  /** Somebody is at the outbox who has no business there. */
  readonly intrude: () => void;
  /** Transfers whose parcel was taken out of the outbox, so that nobody can say what left of it. */
  readonly vanished: ReadonlySet<string>;
  /** Persons of each transfer that was built. */
  readonly personsOf: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly permitKey: KeyObject;
  readonly issue: DeskParts['issue'];
  /** What happened that the product must never let happen, seen where it happened. */
  readonly findings: string[];
  readonly close: () => void;
}

export interface DeskParts {
  readonly world: World;
  readonly directory: string;
  /** Whatever a seed does not change: law, dataset, keys. */
  readonly base: ExportGateParts;
  readonly dataset: Requestable;
  readonly recipient: RegisteredRecipient;
  readonly logKey: KeyObject;
  readonly issue: ExportGateParts['permits']['issue'];
}

interface Running {
  readonly emergency: DeskEmergency;
  readonly parts: ExportGateParts;
  readonly transfers: TransferRegister;
  readonly log: OpenLog;
  readonly look: () => void;
}

/** So few vehicles that requests meet again and again. */
const VEHICLES = 60;

/** Requests, two pairs of eyes, permits and an exporter that fetches them, on real stores and a real log. */
export function createDesk({ world, directory, base, dataset, recipient, logKey, issue }: DeskParts): Desk {
  const personsOf = new Map<string, readonly Uint8Array[]>();
  const findings: string[] = [];
  const vanished = new Set<string>();
  const clock = createMachineClock(world);
  let matrix: readonly AuthorityRow[] = [];
  /** The log has it otherwise: it told of an error after it had written. As the product has it, nothing is permitted then. */
  let isMatrixOther = false;
  let asked = 0;
  const disk = createDisk(directory, world, () => {
    running = undefined;
    world.note('desk dies');
    world.later(world.between(1_000, 60_000), () => {
      disk.revive();
      begin();
    });
  });
  for (const name of ['border/staging', 'border/outbox', 'border/returns'])
    mkdirSync(disk.at(name), { recursive: true });
  const onDisk = beginLog({ disk, world, clock }, 'simulation.example/operations', logKey);
  let running: Running | undefined = start();
  setMatrix(TRUTHFUL);

  function start(): Running {
    const log = onDisk.open();
    matrix = matrixIn(log) ?? matrix;
    isMatrixOther = false;
    const stores = deskStores(world, { disk, log, findings });
    const { register } = stores;
    const parts: ExportGateParts = {
      ...base,
      clock,
      operations: stores.operations,
      stopped: () => emergency.inForce() ?? (isMatrixOther ? 'registers-changed' : undefined),
      transfers: stores.transfers,
      border: stores.border,
      publications: { publish: () => true },
      matrix: () => matrix,
      permits: { ...base.permits, hours: 1, issue },
      dataset: (id) => (id === dataset.id ? dataset : undefined),
      recipients: [recipient],
      newTransferId: () => `t${asked}`,
      build: smallBuild(world, stores.border, (transferId) => personsOf.get(transferId) ?? []),
      alert: () => undefined,
    };
    const look = createPermitWatch({
      gate: parts,
      registersAt: () => 0,
      onFault: () => undefined,
      onRevoked: () => undefined,
    });
    const emergency = deskEmergency(world, disk, {
      clock,
      operations: parts.operations,
      entryAt: (index) => entryOf(log, index),
      matrix: () => (isMatrixOther ? undefined : matrix),
      permitted: () => register.inState('permitted').map(({ transferId }) => transferId),
      revokePermits: () => void revokeAll('emergency', { gate: parts, onFault: () => undefined }),
    });
    return { parts, transfers: register, log, look, emergency };
  }

  /** Whoever finds the disk full at a start ends, and is started again. */
  function begin(): void {
    const next = start();
    try {
      resumeTransfers(next.parts);
      if (!disk.isFull()) findings.push(...leftInStaging(next.parts));
      next.emergency.look();
    } catch (cause) {
      if (!disk.isDead() && !(cause instanceof DiskFull)) throw cause;
      disk.cut();
      return;
    }
    running = next;
    world.note(`desk starts, ${next.log.head().size} entries`);
  }

  function guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      // Whoever asked is told of a full disk, and asks again.
      if (!disk.isDead() && !(cause instanceof DiskFull)) throw cause;
    }
  }

  /** A change counts once it is on record. */
  function setMatrix(next: readonly AuthorityRow[]): void {
    const body = { id: 'maker', authorities: next };
    const document = { after: { kind: 'processor', id: 'maker', isWithdrawn: false, body } };
    const entry = { kind: 'register', transferId: '', actor: 'admin', document };
    guarded(() => {
      if (running === undefined) return;
      if (running.parts.operations.append([entry]).ok) matrix = next;
      isMatrixOther = canonicalJson(matrixIn(running.log) ?? matrix) !== canonicalJson(matrix);
    });
  }

  const ask = (): void => {
    // Under a register that calls somebody another from the beginning nobody could tell two persons apart.
    if (running === undefined || matrix.some(({ account, person }) => TRUTH[account] !== person)) return;
    asked += 1;
    const persons = Array.from({ length: 1 + world.chance.below(12) }, () => world.chance.below(VEHICLES));
    personsOf.set(
      `t${asked}`,
      [...new Set(persons)].map((person) => new Uint8Array(16).fill(person + 1)),
    );
    const requestedBy = world.chance.of(ACCOUNTS);
    requestTransfer({ dataset, recipient, purpose: 'warranty', requestedBy }, running.parts).then(
      (outcome) => world.note(`asked by ${requestedBy}: ${outcome.ok ? outcome.value.state : outcome.fault.code}`),
      (cause: unknown) => {
        if (!(cause instanceof PowerCut) && !(cause instanceof DiskFull))
          findings.push(`a request threw ${String(cause)}`);
      },
    );
  };

  const decide = (): void =>
    guarded(() => {
      if (running === undefined) return;
      const waiting = running.transfers.inState('awaiting-approval');
      if (waiting.length === 0) return;
      const { transferId } = world.chance.of(waiting);
      lookAt(transferId, running);
      // The other one presses the button in the same moment.
      if (world.happens(200) && running !== undefined) lookAt(transferId, running);
    });

  const lookAt = (transferId: string, { parts }: Running): void => {
    const by = world.chance.of(ACCOUNTS);
    const done = world.happens(60)
      ? rejectTransfer({ transferId, by, reason: 'not now' }, parts)
      : approveTransfer({ transferId, by }, parts);
    world.note(`${transferId} looked at by ${by}: ${done.ok ? done.value.state : done.fault.code}`);
  };

  const changeRoles = (): void => {
    const account = world.chance.of(ACCOUNTS);
    const others = matrix.filter((one) => one.account !== account);
    const person = world.chance.of(['li', 'wang', 'nobody']);
    // Somebody is made another person, or loses the account, until it is found out.
    setMatrix(world.happens(300) ? others : [...others, row(account, person)]);
    world.later(world.between(1_000, 120_000), () => setMatrix(TRUTHFUL));
  };

  const look = (): void =>
    guarded(() => {
      if (running === undefined) return;
      running.emergency.look();
      // Returns are the exporter's own here; who forges one is in test/unit/cloud/transfer/settle-transfers.test.ts.
      settleReturns({ ...running.parts, neverBegun: () => true, isReceipt: () => true });
      running.look();
      // A log that takes nothing cannot be told that a permit fell; its mark keeps it from being honoured.
      if (!disk.isFull()) onlyWhatIsThere(running);
    });

  /** Nobody is told of a permit that nothing lies in the outbox for, once the watch has looked. */
  const onlyWhatIsThere = ({ transfers, parts: { border } }: Running): void => {
    const returned = new Set(border.returns().map(({ transferId }) => transferId));
    for (const { transferId } of transfers.inState('permitted'))
      if (!border.isCleared(transferId) && !returned.has(transferId))
        findings.push(`${transferId} is called permitted, and its parcel is not in the outbox`);
  };

  const stop = (): void =>
    guarded(() => {
      const by = world.chance.of(ACCOUNTS);
      if (running !== undefined) world.note(`stop by ${by}: ${running.emergency.stop(by)}`);
    });

  const resume = (by = world.chance.of(ACCOUNTS)): void =>
    guarded(() => {
      if (running?.emergency.inForce() !== undefined) world.note(`resumed by ${by}: ${running.emergency.resume(by)}`);
    });

  const withdraw = (): void =>
    guarded(() => {
      if (running === undefined) return;
      const count = revokeAll('emergency', { gate: running.parts, onFault: () => undefined });
      world.note(`${count} permits withdrawn`);
    });

  return {
    disk,
    withdraw,
    stop,
    resume,
    isStopped: () => running?.emergency.inForce() !== undefined,
    intrude: () => intrude(world, disk.at('border'), vanished),
    vanished,
    clock,
    writtenAt: onDisk.writtenAt,
    ask,
    decide,
    changeRoles,
    look,
    isUp: () => running !== undefined,
    transfers: () => live(running).transfers,
    log: () => live(running).log,
    personsOf,
    issue,
    permitKey: createPublicKey(base.permits.key),
    findings,
    close: () => {
      running?.log.close();
      running?.transfers.shut();
      running = undefined;
    },
  };
}

function entryOf(log: OpenLog, index: number) {
  const read = log.read(index);
  if (!read.ok) return undefined;
  const { kind, actor, document } = read.value;
  return { kind, actor, document: JSON.parse(Buffer.from(document).toString('utf8')) };
}

const live = (running: Running | undefined): Running => {
  if (running === undefined) throw new Error('the desk does not run');
  return running;
};
