import { Worker } from 'node:worker_threads';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import type { Parcel } from '../datasets/build-parcel.ts';
import type { NoteProgress, Progress } from '../ports/progress.ts';
import type { BuildJob } from './build-job.ts';
import { BUILD_MEMORY } from './build-turns.ts';
import type { BuildPlaces } from './open-build.ts';

/** What a build thread says: how far it is, and once what came of it. */
export type BuildWord = { readonly progress: Progress } | BuildAnswer;

export type BuildAnswer = { readonly result: Result<Parcel, Fault> } | { readonly crash: string };

export interface ParcelBuilder {
  /** One after the other: a build takes two cores, and the memory of `GROUPS_MAX` groups for each. */
  readonly build: (job: BuildJob) => Promise<Result<Parcel, Fault>>;
  /** How far a build is; one that is not in hand waits. */
  readonly progressOf: (transferId: string) => Progress;
  /** Ends a build that nobody wants any more, in hand or waiting, with BUILD_ABANDONED. */
  readonly abandon: (transferId: string) => void;
  /** Ends the build in hand and those that wait, each with BUILD_STOPPED. */
  readonly stop: () => Promise<void>;
}

/** Builds that wait for the one in hand. */
export const BUILDS_WAITING_MAX = 16;

/** A build that takes longer than this is given up; 30 minutes are some 300 million rows. */
export const BUILD_MS_MAX = 1_800_000;

/** Compiled, every module lies beside this one under its own ending. */
const PROGRAM = new URL(`./build-worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** Builds parcels in threads of their own. @param program - of the thread; the compiled one in tests */
export function createParcelBuilder(places: BuildPlaces, program: URL = PROGRAM): ParcelBuilder {
  let last: Promise<unknown> = Promise.resolve();
  const waiting = new Set<string>();
  const abandoned = new Set<string>();
  let isStopped = false;
  let inHand: { readonly worker: Worker; readonly transferId: string } | undefined;
  let noted: { readonly transferId: string; readonly progress: Progress } | undefined;

  async function runOne(job: BuildJob): Promise<Result<Parcel, Fault>> {
    const { transferId } = job;
    waiting.delete(transferId);
    if (isStopped) return fail(builderFault('BUILD_STOPPED'));
    if (abandoned.delete(transferId)) return fail(builderFault('BUILD_ABANDONED'));
    const worker = new Worker(program, {
      workerData: { job, places },
      resourceLimits: BUILD_MEMORY,
    });
    inHand = { worker, transferId };
    const answer = await answerOf(worker, (progress) => {
      noted = { transferId, progress };
    });
    [inHand, noted] = [undefined, undefined];
    const isAbandoned = abandoned.delete(transferId);
    if (answer !== undefined && 'result' in answer) return answer.result;
    if (isAbandoned) return fail(builderFault('BUILD_ABANDONED'));
    return fail(builderFault(isStopped ? 'BUILD_STOPPED' : 'BUILD_FAILED', answer?.crash));
  }

  return {
    build: (job) => {
      if (isStopped) return Promise.resolve(fail(builderFault('BUILD_STOPPED')));
      if (waiting.size >= BUILDS_WAITING_MAX) return Promise.resolve(fail(builderFault('BUILD_BUSY')));
      waiting.add(job.transferId);
      const built = last.then(() => runOne(job));
      last = built;
      return built;
    },
    progressOf: (transferId) => (noted?.transferId === transferId ? noted.progress : WAITING),
    abandon: (transferId) => {
      const isInHand = inHand?.transferId === transferId;
      if (isInHand || waiting.has(transferId)) abandoned.add(transferId);
      if (isInHand) void inHand?.worker.terminate();
    },
    stop: async () => {
      isStopped = true;
      await inHand?.worker.terminate();
      await last;
    },
  };
}

const WAITING: Progress = { step: 'waiting', share: 0 };

/** Undefined when the thread ended without a word: it was stopped, ran out of memory, or took too long. */
function answerOf(worker: Worker, note: NoteProgress): Promise<BuildAnswer | undefined> {
  return new Promise((resolve) => {
    let answer: BuildAnswer | undefined;
    const timer = setTimeout(() => void worker.terminate(), BUILD_MS_MAX);
    worker.on('message', (word: BuildWord) => {
      if ('progress' in word) note(word.progress);
      else answer = word;
    });
    worker.once('error', (cause) => {
      answer ??= { crash: cause instanceof Error ? cause.name : 'unknown' };
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

type BuilderFault = Fault<'BUILD_BUSY' | 'BUILD_STOPPED' | 'BUILD_ABANDONED' | 'BUILD_FAILED'>;

function builderFault(code: BuilderFault['code'], cause = ''): BuilderFault {
  const [problem, remedy, retry] = TEXT[code];
  const told = cause === '' ? problem : bilingual(`${problem.en}: ${cause}`, `${problem.zh}：${cause}`);
  return { code, problem: told, remedy, retry };
}

const TEXT: Readonly<Record<BuilderFault['code'], readonly [Fault['problem'], Fault['remedy'], Fault['retry']]>> = {
  BUILD_BUSY: [
    bilingual('too many builds are waiting', '等待构建的数据包过多'),
    bilingual('ask again once one of them is done', '请待其中之一完成后重新申请'),
    'later',
  ],
  BUILD_STOPPED: [
    bilingual('the cloud was stopped while the parcel was built', '构建数据包时云端已停止'),
    bilingual('ask again; nothing was sent', '请重新申请；未发送任何数据'),
    'later',
  ],
  BUILD_ABANDONED: [
    bilingual('whoever asked for the parcel wants it no more', '申请人已不再需要该数据包'),
    bilingual('ask again; nothing was sent', '请重新申请；未发送任何数据'),
    'later',
  ],
  BUILD_FAILED: [
    bilingual('the build ended without a parcel', '构建未产生数据包'),
    bilingual(
      'narrow the dataset by its filters, or give the machine more memory; nothing was sent',
      '请用过滤条件缩小数据集，或增加内存；未发送任何数据',
    ),
    'after-remedy',
  ],
};
