import { MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import { decodeUpdateDownlink, encodeUpdateDownlink, type UpdateOffer } from '../../proto/codec/update-codec.ts';
import type { Clock } from '../../proto/words/time.ts';
import { FINAL_STATES, type UpdateReason, type UpdateReport, type UpdateState } from '../../proto/words/update.ts';
import type { ImageFile } from '../ports/image-file.ts';
import type { UpdateJob, UpdateStore } from '../ports/update-store.ts';
import { type Accepted, readOffer } from './accept-offer.ts';
import { createDownload, type Download } from './download.ts';

/** The campaign in hand: what is durable of it, and what every report says. */
export interface JobBook {
  readonly job: () => UpdateJob | undefined;
  readonly underWay: () => UnderWay | undefined;
  /** Durable once it returns. @throws the store's error; then nothing has changed */
  readonly keep: (change: Partial<UpdateJob>) => void;
  /** Keeps a new state, and then reports it. */
  readonly move: (state: UpdateState, reason?: UpdateReason, version?: number) => void;
  readonly begin: (offer: UpdateOffer, running: number) => void;
  /** Reports a campaign that is not taken up. */
  readonly refuse: (campaignSha256: Uint8Array, reason: UpdateReason) => void;
  /** Reports again what a power cut may have lost, and clears away what it may have left; once. */
  readonly tellAgain: () => void;
  /** Forgets which pieces were looked at. */
  readonly renew: () => void;
}

export interface UnderWay {
  readonly accepted: Omit<Accepted, 'running'>;
  readonly download: Download;
}

export interface JobBookParts {
  readonly store: UpdateStore;
  readonly image: ImageFile;
  readonly clock: Clock;
  readonly ask: (bytes: Uint8Array) => void;
  readonly report: (report: UpdateReport) => void;
}

export function openJobBook({ store, image, clock, ask, report }: JobBookParts): JobBook {
  let job = store.held();
  let underWay = job && underWayOf(job, image, ask);
  let isTold = job === undefined;
  const minute = (): number => Math.floor(clock.now() / MINUTE_MS);
  /** Minutes count further than steps do, so that a campaign which is taken up anew goes on counting. */
  const stepAfter = (before: number): number => Math.max(before + 1, minute());

  const tell = (
    { state, reason, step, version }: Omit<UpdateReport, 'kind' | 'campaignSha256' | 'minute'>,
    campaignSha256: Uint8Array,
  ): void => report({ kind: 'update', campaignSha256, state, reason, step, version, minute: minute() });

  const keep: JobBook['keep'] = (change) => {
    if (job === undefined) return;
    const next = { ...job, ...change };
    store.keep(next);
    job = next;
  };

  const move: JobBook['move'] = (state, reason = 'none', version) => {
    if (job === undefined || underWay === undefined) return;
    keep({ state, reason, step: stepAfter(job.step), ...(version !== undefined && { version }) });
    tell(job, underWay.accepted.campaignSha256);
    if (FINAL_STATES.has(state)) image.clear();
  };

  const begin: JobBook['begin'] = (offer, version) => {
    const begun = { state: 'offered', reason: 'none', step: stepAfter(0), version } as const;
    const next = { ...begun, offer: encodeUpdateDownlink({ kind: 'offer', offer }), writes: 0, isCondemned: false };
    store.keep(next);
    job = next;
    underWay = underWayOf(next, image, ask);
    isTold = true;
    image.clear();
    if (underWay !== undefined) tell(next, underWay.accepted.campaignSha256);
  };

  return {
    ...{ job: () => job, underWay: () => underWay, keep, move, begin },
    refuse: (campaignSha256, reason) =>
      tell({ state: 'refused', reason, step: stepAfter(0), version: 0 }, campaignSha256),
    tellAgain: () => {
      if (!isTold && job !== undefined && underWay !== undefined) tell(job, underWay.accepted.campaignSha256);
      if (!isTold && FINAL_STATES.has(job?.state ?? 'offered')) image.clear();
      isTold = true;
    },
    renew: () => {
      underWay = job && underWayOf(job, image, ask);
    },
  };
}

/** What was accepted once is read again without asking anew: the version that runs may be the new one by now. */
function underWayOf({ offer }: UpdateJob, image: ImageFile, ask: (bytes: Uint8Array) => void): UnderWay | undefined {
  const decoded = decodeUpdateDownlink(offer);
  if (!decoded.ok || decoded.value.kind !== 'offer') return undefined;
  const { package: of, campaign, campaignSha256 } = readOffer(decoded.value.offer);
  if (of === undefined || campaign === undefined) return undefined;
  return {
    accepted: { package: of, campaign, campaignSha256 },
    download: createDownload(of, campaignSha256, image, ask),
  };
}
