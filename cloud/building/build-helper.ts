import { type TransferListItem, workerData } from 'node:worker_threads';
import { causeText } from '../../proto/words/fault.ts';
import { parcelReader } from '../datasets/build-parcel.ts';
import { type GroupCheck, openGroups } from '../datasets/check-group.ts';
import type { ShareRead } from '../datasets/read-vehicles.ts';
import { partsFor } from './build-job.ts';
import { type Answered, type Asked, claimAll, type HelperData } from './build-turns.ts';
import { openBuild } from './open-build.ts';

// The second thread of one build. It opens the stores for itself, and ends with the build.
const { job, places, port } = workerData as HelperData;
const { parts } = openBuild(places, { now: () => job.at });
const answer = (one: Answered, transfer: readonly TransferListItem[] = []): void => port.postMessage(one, transfer);

let reader: ((index: number, of: number) => ShareRead) | undefined;

/** Opens the zone when it is first read: who checks groups only does not need it. */
function readerOf(): NonNullable<typeof reader> {
  const own = partsFor(job, parts);
  if (!own.ok) throw new Error(own.fault.code);
  const read = parcelReader(job, own.value);
  return (index, of) => read({ index, of });
}

async function shares(asked: Asked): Promise<void> {
  reader ??= readerOf();
  const read = reader;
  await claimAll(asked, async (index) => {
    const value = read(index, asked.count);
    answer({ phase: asked.phase, index, value }, value.ok && value.value ? buffersOf(value.value.rows) : []);
  });
}

async function groups(asked: Asked & { readonly work: 'groups' }): Promise<void> {
  const checker = await openGroups(asked.order, parts);
  try {
    await claimAll(asked, async (index) => {
      const value: GroupCheck = await checker.check(index);
      answer({ phase: asked.phase, index, value }, buffersOf(value.lines));
    });
  } finally {
    checker.close();
  }
}

/** Memory that is handed over, not copied. */
function buffersOf(views: object): ArrayBuffer[] {
  return Object.values(views).map(({ buffer }: { readonly buffer: ArrayBuffer }) => buffer);
}

port.on('message', (asked: Asked) => {
  const work = asked.work === 'shares' ? shares(asked) : groups(asked);
  work.catch((cause: unknown) => answer({ crash: causeText(cause) }));
});
