import type { KeyObject } from 'node:crypto';
import { MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import { decodeUpdateDownlink, encodeUpdateDownlink, type UpdateOffer } from '../../proto/codec/update-codec.ts';
import type { Fault } from '../../proto/words/fault.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { FINAL_STATES, type UpdateReason, type UpdateReport, type UpdateState } from '../../proto/words/update.ts';
import type { Announcement, Ecus } from '../ports/ecus.ts';
import type { ImageFile } from '../ports/image-file.ts';
import type { UpdateJob, UpdateStore } from '../ports/update-store.ts';
import { type Accepted, acceptOffer, digestOf, OFFER_CHECKS, type OfferCheck, readOffer } from './accept-offer.ts';
import { createDownload, type Download, isWhole } from './download.ts';
import { install } from './install.ts';
import { INSTALL_CHECKS, type InstallCheck, mayRestart, obstacleTo, type VehicleState } from './may-install.ts';
import { updateUnsaved } from './update-fault.ts';

/** Takes part in campaigns: one at a time, and each of its steps again after a power cut. */
export interface Updates {
  /** An UpdateDownlink as the cloud sent it: nothing of it is checked yet. Resolves once it is dealt with. */
  readonly take: (message: Uint8Array) => Promise<void>;
  /** Goes on with what is under way. Resolves once there is nothing to do at this moment. */
  readonly tick: () => Promise<void>;
  readonly connected: () => void;
  readonly disconnected: () => void;
  readonly state: () => UpdateState | undefined;
}

export interface UpdatesParts {
  readonly device: DeviceId;
  /** The operator's Ed25519 update key. */
  readonly key: KeyObject;
  readonly ecus: Ecus;
  readonly store: UpdateStore;
  readonly image: ImageFile;
  readonly vehicle: VehicleState;
  readonly clock: Clock;
  /** An UpdateAsk, on its way to the cloud. */
  readonly ask: (bytes: Uint8Array) => void;
  readonly report: (report: UpdateReport) => void;
  readonly onFault: (fault: Fault) => void;
  /** All of them, but in a scenario that sees one missed. */
  readonly offerChecks?: readonly OfferCheck[];
  readonly installChecks?: readonly InstallCheck[];
}

/** Messages and turns that may wait for the one before; more are let go, and come again. */
const TURNS_MAX = 16;
/** Pieces, or whole images, that are not what their hash says, before a campaign is given up. */
const DIFFERING_MAX = 16;
/** Between two attempts to begin or to go on with an installation. */
const REST_MS = 60_000;

interface UnderWay {
  readonly accepted: Omit<Accepted, 'running'>;
  readonly download: Download;
}

export function createUpdates(parts: UpdatesParts): Updates {
  const { store, image, clock, ecus, ask } = parts;
  let job = store.held();
  let underWay = job === undefined ? undefined : underWayOf(job, image, ask);
  let isConnected = false;
  /** What was told before a power cut may have been lost with it, so it is told again. */
  let isTold = job === undefined;
  let differing = 0;
  /** Until then persons and ECUs are not asked again. */
  let restsUntil = 0;

  const tell = (of: Pick<UpdateJob, 'state' | 'reason' | 'step' | 'version'>, campaignSha256: Uint8Array): void => {
    const { state, reason, step, version } = of;
    const minute = Math.floor(clock.now() / MINUTE_MS);
    parts.report({ kind: 'update', campaignSha256, state, reason, step, version, minute });
  };

  /** Minutes count further than steps do, so that a campaign which is taken up anew goes on counting. */
  const stepAfter = (before: number): number => Math.max(before + 1, Math.floor(clock.now() / MINUTE_MS));

  const keep = (change: Partial<UpdateJob>): void => {
    if (job === undefined) return;
    const next = { ...job, ...change };
    store.keep(next);
    job = next;
  };

  const move = (state: UpdateState, reason: UpdateReason = 'none', version?: number): void => {
    if (job === undefined || underWay === undefined) return;
    keep({ state, reason, step: stepAfter(job.step), ...(version !== undefined && { version }) });
    tell(job, underWay.accepted.campaignSha256);
    if (FINAL_STATES.has(state)) image.clear();
  };

  const announce = async (what: Announcement): Promise<boolean> => {
    const of = underWay?.accepted.package;
    return of !== undefined && ecus.announce(of.ecu, of.label, what);
  };

  const end = async (state: UpdateState, reason: UpdateReason, version?: number): Promise<void> => {
    move(state, reason, version);
    const what = state === 'refused' ? 'failed' : (state as Announcement);
    if (job !== undefined && job.writes > 0) await announce(what);
  };

  const takeOffer = async (offer: UpdateOffer): Promise<void> => {
    const campaignSha256 = digestOf(offer.campaign.campaign);
    const isHeld = underWay !== undefined && Buffer.compare(campaignSha256, underWay.accepted.campaignSha256) === 0;
    // What is under way goes on, and another campaign is offered again when it is over.
    if (isHeld || (job !== undefined && !FINAL_STATES.has(job.state))) return;
    const facts = { now: clock.now(), device: parts.device, key: parts.key, ecus: ecus.names, status: ecus.status };
    const accepted = await acceptOffer(offer, facts, parts.offerChecks ?? OFFER_CHECKS);
    if (!accepted.ok) {
      tell({ state: 'refused', reason: accepted.fault, step: stepAfter(0), version: 0 }, campaignSha256);
      return;
    }
    const begun = { state: 'offered', reason: 'none', step: stepAfter(0), version: accepted.value.running } as const;
    const next = { ...begun, offer: encodeUpdateDownlink({ kind: 'offer', offer }), writes: 0, isCondemned: false };
    store.keep(next);
    job = next;
    underWay = underWayOf(next, image, ask);
    differing = 0;
    isTold = true;
    image.clear();
    tell(next, campaignSha256);
    move('downloading');
  };

  const goOn = async (): Promise<void> => {
    if (job === undefined || underWay === undefined || FINAL_STATES.has(job.state)) return;
    const { campaign } = underWay.accepted;
    if (job.state !== 'installing' && clock.now() >= campaign.expiresAtMs) return end('failed', 'expired');
    if (job.state === 'offered') move('downloading');
    if (job.state === 'downloading') fetchMore(underWay);
    if (job.state === 'downloaded') verifyAll(underWay);
    if (job.state === 'verified') move('waiting');
    if (clock.now() < restsUntil) return;
    if (job.state === 'waiting' && mayBegin(underWay)) await begin(underWay);
    if (job.state === 'installing') await goOnInstalling(underWay);
  };

  const fetchMore = ({ download }: UnderWay): void => {
    if (isConnected && download.pump(clock.now())) move('downloaded');
  };

  const verifyAll = ({ accepted }: UnderWay): void => {
    // Where each piece is what its hash says and together they are not, the package contradicts itself.
    if (isWhole(accepted.package, image)) move('verified');
    else move('failed', 'bytes-differ');
  };

  const mayBegin = ({ accepted }: UnderWay): boolean =>
    obstacleTo(accepted.campaign, parts.vehicle, clock.now(), parts.installChecks ?? INSTALL_CHECKS) === undefined;

  /** What was verified may have waited for weeks since. */
  const begin = async (on: UnderWay): Promise<void> => {
    if (!isWhole(on.accepted.package, image)) {
      underWay = job && underWayOf(job, image, ask);
      move('downloading');
    } else if (await announce('begins')) move('installing');
    else restsUntil = clock.now() + REST_MS;
  };

  const goOnInstalling = async (on: UnderWay): Promise<void> => {
    const { ecu, version } = on.accepted.package;
    const current = (): UpdateJob => job as UpdateJob;
    const ending = await install({
      ...{ ecu, version, ecus, image, keep, job: current },
      mayBegin: () => mayBegin(on) && clock.now() < on.accepted.campaign.expiresAtMs,
      mayRestart: () => mayRestart(parts.vehicle),
      isWhole: () => isWhole(on.accepted.package, image),
    });
    if (ending === undefined) restsUntil = clock.now() + REST_MS;
    else await end(ending.state, ending.reason, ending.version);
  };

  const takePiece = async (message: Uint8Array): Promise<void> => {
    const decoded = decodeUpdateDownlink(message);
    if (!decoded.ok) return;
    if (decoded.value.kind === 'offer') return takeOffer(decoded.value.offer);
    if (job?.state !== 'downloading' || underWay === undefined) return;
    const outcome = underWay.download.take(decoded.value.piece);
    if (outcome === 'differs') differing += 1;
    if (differing >= DIFFERING_MAX) return end('failed', 'bytes-differ');
    await goOn();
  };

  const inTurn = createTurns(parts.onFault);
  return {
    take: (message) => inTurn(() => takePiece(message)),
    tick: () =>
      inTurn(async () => {
        if (!isTold && job !== undefined && underWay !== undefined) tell(job, underWay.accepted.campaignSha256);
        isTold = true;
        await goOn();
      }),
    connected: () => {
      isConnected = true;
    },
    disconnected: () => {
      isConnected = false;
      underWay?.download.forget();
    },
    state: () => job?.state,
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

/** One thing after the other; what fails is told, and tried again by the next turn. */
function createTurns(onFault: (fault: Fault) => void): (work: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= TURNS_MAX) return last;
    waiting += 1;
    last = last
      .then(work)
      .catch((cause: unknown) => onFault(updateUnsaved(cause)))
      .finally(() => {
        waiting -= 1;
      });
    return last;
  };
}
