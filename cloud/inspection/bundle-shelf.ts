import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, type Instant, toIso } from '../../proto/words/time.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { BundleShelf, KeptBundle, MadeBundle } from '../ports/bundle-shelf.ts';
import type { NoteProgress, Progress } from '../ports/progress.ts';
import type { Reading } from '../registers/kinds/principals.ts';
import type { BundleTask } from './bundle-task.ts';

/** Makes one bundle; one that is aborted leaves nothing. */
export type MakeBundle = (
  task: BundleTask,
  note: NoteProgress,
  signal: AbortSignal,
) => Promise<Result<MadeBundle, Fault>>;

/** What is said in the operations log of a bundle that is asked for, as the command says it that makes the same. */
export interface BundleReading {
  readonly reading: Reading;
  readonly command: string;
  readonly reason: string;
  readonly detail: object;
}

export interface BundleShelfParts<A extends object> {
  readonly directory: string;
  /** Its files begin so, and what an earlier process left of them there is removed. */
  readonly prefix: '' | 'logs-' | 'captures-';
  readonly make: MakeBundle;
  readonly taskOf: (asked: A, madeAt: Instant, out: string) => BundleTask;
  readonly readingOf: (asked: A) => BundleReading;
  /** Name that it is handed out under. */
  readonly nameOf: (asked: A) => string;
  readonly operations: AppendOnly;
  readonly clock: Clock;
  readonly draw: (bytes: number) => string;
}

export interface OpenBundleShelf<A extends object> extends BundleShelf<A> {
  /** Ends what is under way and removes every bundle. */
  readonly stop: () => Promise<void>;
}

/** A bundle holds names of persons, in clear: it lies no longer than somebody takes to fetch it. */
export const KEPT_MS = 86_400_000;
/** Bundles that lie there at once; another has to be removed first. */
export const KEPT_MAX = 4;
const ID_BYTES = 8;
/** What follows the prefix of a shelf. */
const OWN = /^[0-9a-f]{16}\.zip(\.parts)?$/;
/** Expiry is looked at this often, and whenever somebody asks. */
const LOOK_MS = 60_000;

interface Held<A> {
  readonly id: string;
  readonly asked: A;
  readonly by: string;
  readonly askedAt: Instant;
  readonly out: string;
  readonly ending: AbortController;
  progress: Progress;
  made?: Result<MadeBundle, Fault>;
  until?: Instant;
}

/**
 * Bundles of one kind, one in the making at a time, each kept for a day. They are gone after a restart: whoever wants one asks
 * again. That one is asked for, and what came of it, is in the operations log; what cannot be entered is not made.
 */
export function openBundleShelf<A extends object>(parts: BundleShelfParts<A>): OpenBundleShelf<A> {
  const { directory, prefix, clock } = parts;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(directory))
    if (name.startsWith(prefix) && OWN.test(name.slice(prefix.length)))
      rmSync(join(directory, name), { recursive: true });
  const held = new Map<string, Held<A>>();
  let inHand: Promise<void> = Promise.resolve();
  const remove = (one: Held<A>): void => {
    one.ending.abort();
    held.delete(one.id);
    rmSync(one.out, { force: true });
  };
  const look = (): void => {
    const now = clock.now();
    for (const one of held.values()) if (one.until !== undefined && now >= one.until) remove(one);
  };
  const timer = setInterval(look, LOOK_MS).unref();

  function begin(asked: A, by: string): Result<A & KeptBundle, Fault> {
    look();
    if ([...held.values()].some(({ made }) => made === undefined)) return fail(bundleFault('BUNDLE_BUSY'));
    if (held.size >= KEPT_MAX) return fail(bundleFault('BUNDLE_FULL'));
    if (!entered('read', by, parts.readingOf(asked), {}, parts)) return fail(bundleFault('BUNDLE_UNLOGGED'));
    const id = parts.draw(ID_BYTES);
    const askedAt = clock.now();
    const rest = { out: join(directory, `${prefix}${id}.zip`), ending: new AbortController() };
    const one: Held<A> = { id, asked, by, askedAt, ...rest, progress: { step: 'waiting', share: 0 } };
    held.set(id, one);
    inHand = make(one);
    return ok(shown(one));
  }

  async function make(one: Held<A>): Promise<void> {
    const note: NoteProgress = (progress) => {
      one.progress = progress;
    };
    const task = parts.taskOf(one.asked, one.askedAt, one.out);
    const made = await parts.make(task, note, one.ending.signal);
    if (one.ending.signal.aborted) return rmSync(one.out, { force: true });
    const outcome = made.ok ? made.value : { fault: made.fault.code };
    const isEntered = entered('read-ended', one.by, parts.readingOf(one.asked), outcome, parts);
    one.made = isEntered ? made : fail(bundleFault('BUNDLE_UNLOGGED'));
    if (!one.made.ok) rmSync(one.out, { force: true });
    one.until = (clock.now() + KEPT_MS) as Instant;
  }

  const at = (id: string): Result<Held<A>, Fault> => {
    look();
    const one = held.get(id);
    return one === undefined ? fail(bundleFault('BUNDLE_UNKNOWN')) : ok(one);
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
      const { made, out, asked } = one.value;
      if (made?.ok !== true || !existsSync(out)) return fail(bundleFault('BUNDLE_NOT_READY'));
      return ok({ path: out, name: parts.nameOf(asked) });
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

function shown<A extends object>({ id, asked, by, askedAt, progress, made, until }: Held<A>): A & KeptBundle {
  const about = { ...asked, id, by, askedAt: toIso(askedAt) };
  if (made === undefined || until === undefined) return { ...about, state: 'under-way', ...progress };
  const end = { keptUntil: toIso(until) };
  return made.ok
    ? { ...about, ...end, state: 'ready', ...made.value }
    : { ...about, ...end, state: 'failed', fault: made.fault };
}

/** As a command enters it that reads the same files. */
function entered(
  kind: 'read' | 'read-ended',
  actor: string,
  { detail, ...reading }: BundleReading,
  outcome: object,
  { operations }: { readonly operations: AppendOnly },
): boolean {
  const document = { ...reading, account: actor, detail: { ...detail, ...outcome } };
  return operations.append([{ kind, transferId: '', actor, document }]).ok;
}

type BundleCode = 'BUNDLE_BUSY' | 'BUNDLE_FULL' | 'BUNDLE_UNKNOWN' | 'BUNDLE_NOT_READY' | 'BUNDLE_UNLOGGED';

function bundleFault(code: BundleCode): Fault<BundleCode> {
  const [en, zh, remedyEn, remedyZh, retry] = TEXT[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry };
}

// biome-ignore format: one fault a line
const TEXT: Readonly<Record<BundleCode, readonly [string, string, string, string, Fault['retry']]>> = {
  BUNDLE_BUSY: ['another bundle is being made', '正在生成另一份检查包', 'wait until it is ready, or remove it', '请等待其完成，或将其移除', 'later'],
  BUNDLE_FULL: [`${KEPT_MAX} bundles lie here already`, `此处已有 ${KEPT_MAX} 份检查包`, 'remove one; each goes by itself after a day', '请移除其一；每份一天后自动清除', 'after-remedy'],
  BUNDLE_UNKNOWN: ['there is no such bundle, or its day is over', '没有该份检查包，或已过期', 'ask for it again', '请重新申请', 'after-remedy'],
  BUNDLE_NOT_READY: ['the bundle is not ready', '检查包尚未就绪', 'see how far it is; a failed one says why', '请查看进度；失败时会说明原因', 'later'],
  BUNDLE_UNLOGGED: ['the reading cannot be entered in the operations log, so no bundle is made', '读取无法记入操作日志，故不生成检查包', 'restore the log', '请恢复日志', 'later'],
};
