import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, type Instant, toIso } from '../../proto/words/time.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { InspectionShelf, KeptInspection } from '../ports/inspection-shelf.ts';
import type { NoteProgress, Progress } from '../ports/progress.ts';
import type { ReportPeriod } from '../report/report-facts.ts';
import type { InspectionJob, MadeInspection } from './make-inspection.ts';

/** Makes one bundle; one that is aborted leaves nothing. */
export type MakeInspection = (
  job: InspectionJob,
  note: NoteProgress,
  signal: AbortSignal,
) => Promise<Result<MadeInspection, Fault>>;

export interface InspectionParts {
  /** What an earlier process left there of its own is removed. */
  readonly directory: string;
  readonly make: MakeInspection;
  readonly jobOf: (period: ReportPeriod, madeAt: Instant, out: string) => InspectionJob;
  readonly operations: AppendOnly;
  readonly clock: Clock;
  readonly draw: (bytes: number) => string;
}

export interface OpenInspections extends InspectionShelf {
  /** Ends what is under way and removes every bundle. */
  readonly stop: () => Promise<void>;
}

/** A bundle holds names of persons, in clear: it lies no longer than somebody takes to fetch it. */
export const KEPT_MS = 86_400_000;
/** Bundles that lie there at once; another has to be removed first. */
export const KEPT_MAX = 4;
const ID_BYTES = 8;
const OWN = /^[0-9a-f]{16}\.zip(\.parts)?$/;
/** Expiry is looked at this often, and whenever somebody asks. */
const LOOK_MS = 60_000;

interface Held {
  readonly id: string;
  readonly period: ReportPeriod;
  readonly by: string;
  readonly askedAt: Instant;
  readonly out: string;
  readonly ending: AbortController;
  progress: Progress;
  made?: Result<MadeInspection, Fault>;
  until?: Instant;
}

/**
 * Bundles for inspectors, one in the making at a time, each kept for a day. They are gone after a restart: whoever wants one asks
 * again. That one is asked for, and what came of it, is in the operations log; what cannot be entered is not made.
 */
export function openInspections(parts: InspectionParts): OpenInspections {
  const { directory, clock } = parts;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(directory)) if (OWN.test(name)) rmSync(join(directory, name), { recursive: true });
  const held = new Map<string, Held>();
  let inHand: Promise<void> = Promise.resolve();
  const remove = (one: Held): void => {
    one.ending.abort();
    held.delete(one.id);
    rmSync(one.out, { force: true });
  };
  const look = (): void => {
    const now = clock.now();
    for (const one of held.values()) if (one.until !== undefined && now >= one.until) remove(one);
  };
  const timer = setInterval(look, LOOK_MS).unref();

  function begin(period: ReportPeriod, by: string): Result<KeptInspection, Fault> {
    look();
    if ([...held.values()].some(({ made }) => made === undefined)) return fail(inspectionFault('INSPECTION_BUSY'));
    if (held.size >= KEPT_MAX) return fail(inspectionFault('INSPECTION_FULL'));
    if (!entered('read', by, { ...period }, parts)) return fail(inspectionFault('INSPECTION_UNLOGGED'));
    const id = parts.draw(ID_BYTES);
    const askedAt = clock.now();
    const rest = { out: join(directory, `${id}.zip`), ending: new AbortController() };
    const one: Held = { id, period, by, askedAt, ...rest, progress: { step: 'logs', share: 0 } };
    held.set(id, one);
    inHand = make(one);
    return ok(shown(one));
  }

  async function make(one: Held): Promise<void> {
    const note: NoteProgress = (progress) => {
      one.progress = progress;
    };
    const job = parts.jobOf(one.period, one.askedAt, one.out);
    const made = await parts.make(job, note, one.ending.signal);
    if (one.ending.signal.aborted) return rmSync(one.out, { force: true });
    const detail = made.ok ? { ...one.period, ...made.value } : { ...one.period, fault: made.fault.code };
    const isEntered = entered('read-ended', one.by, detail, parts);
    one.made = isEntered ? made : fail(inspectionFault('INSPECTION_UNLOGGED'));
    if (!one.made.ok) rmSync(one.out, { force: true });
    one.until = (clock.now() + KEPT_MS) as Instant;
  }

  const at = (id: string): Result<Held, Fault> => {
    look();
    const one = held.get(id);
    return one === undefined ? fail(inspectionFault('INSPECTION_UNKNOWN')) : ok(one);
  };

  return {
    begin,
    list: () => {
      look();
      return [...held.values()].map(shown);
    },
    find: (id) => {
      const one = at(id);
      return one.ok ? ok(shown(one.value)) : one;
    },
    take: (id) => {
      const one = at(id);
      if (!one.ok) return one;
      const { made, out, period } = one.value;
      if (made?.ok !== true || !existsSync(out)) return fail(inspectionFault('INSPECTION_NOT_READY'));
      return ok({ path: out, name: `inspection-${period.from}-${period.until}.zip` });
    },
    remove: (id) => {
      const one = at(id);
      return one.ok ? ok(remove(one.value)) : one;
    },
    stop: async () => {
      clearInterval(timer);
      for (const one of [...held.values()]) remove(one);
      await inHand;
    },
  };
}

function shown({ id, period, by, askedAt, progress, made, until }: Held): KeptInspection {
  const asked = { id, ...period, by, askedAt: toIso(askedAt) };
  if (made === undefined || until === undefined) return { ...asked, state: 'under-way', ...progress };
  const end = { keptUntil: toIso(until) };
  return made.ok
    ? { ...asked, ...end, state: 'ready', ...made.value }
    : { ...asked, ...end, state: 'failed', fault: made.fault };
}

/** As a command enters it that reads the same files. */
function entered(kind: 'read' | 'read-ended', actor: string, detail: object, { operations }: InspectionParts): boolean {
  const document = {
    ...{ reading: 'reports', command: 'report inspection', reason: '', account: actor },
    detail: { kind: 'inspection', ...detail },
  };
  return operations.append([{ kind, transferId: '', actor, document }]).ok;
}

type InspectionCode =
  | 'INSPECTION_BUSY'
  | 'INSPECTION_FULL'
  | 'INSPECTION_UNKNOWN'
  | 'INSPECTION_NOT_READY'
  | 'INSPECTION_UNLOGGED';

function inspectionFault(code: InspectionCode): Fault<InspectionCode> {
  const [en, zh, remedyEn, remedyZh, retry] = TEXT[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry };
}

// biome-ignore format: one fault a line
const TEXT: Readonly<Record<InspectionCode, readonly [string, string, string, string, Fault['retry']]>> = {
  INSPECTION_BUSY: ['another bundle is being made', '正在生成另一份检查包', 'wait until it is ready, or remove it', '请等待其完成，或将其移除', 'later'],
  INSPECTION_FULL: [`${KEPT_MAX} bundles lie here already`, `此处已有 ${KEPT_MAX} 份检查包`, 'remove one; each goes by itself after a day', '请移除其一；每份一天后自动清除', 'after-remedy'],
  INSPECTION_UNKNOWN: ['there is no such bundle, or its day is over', '没有该份检查包，或已过期', 'ask for it again', '请重新申请', 'after-remedy'],
  INSPECTION_NOT_READY: ['the bundle is not ready', '检查包尚未就绪', 'see how far it is; a failed one says why', '请查看进度；失败时会说明原因', 'later'],
  INSPECTION_UNLOGGED: ['the reading cannot be entered in the operations log, so no bundle is made', '读取无法记入操作日志，故不生成检查包', 'restore the log', '请恢复日志', 'later'],
};
