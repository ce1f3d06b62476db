import type { KeyObject } from 'node:crypto';
import {
  decodeUpdateDownlink,
  type UpdateOffer,
  type UpdatePiece,
  type UpdateStop,
} from '../../proto/codec/update-codec.ts';
import type { Fault } from '../../proto/words/fault.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { FINAL_STATES, type UpdateState } from '../../proto/words/update.ts';
import type { Announcement, EcuStatus, Ecus } from '../ports/ecus.ts';
import type { UpdateJob } from '../ports/update-store.ts';
import { acceptOffer, digestOf, isStopOf, OFFER_CHECKS, type OfferCheck } from './accept-offer.ts';
import { isWhole } from './download.ts';
import { install } from './install.ts';
import { type JobBookParts, openJobBook, type UnderWay } from './job-book.ts';
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

export interface UpdatesParts extends JobBookParts {
  readonly device: DeviceId;
  /** The operator's Ed25519 update key. */
  readonly key: KeyObject;
  readonly ecus: Ecus;
  readonly vehicle: VehicleState;
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

export function createUpdates(parts: UpdatesParts): Updates {
  const { image, clock, ecus } = parts;
  const book = openJobBook(parts);
  const { move } = book;
  let isConnected = false;
  let differing = 0;
  /** Until then persons and ECUs are not asked again. */
  let restsUntil = 0;
  const rest = (): void => {
    restsUntil = clock.now() + REST_MS;
  };

  const announce = async (what: Announcement): Promise<boolean> => {
    const of = book.underWay()?.accepted.package;
    return of !== undefined && ecus.announce(of.ecu, of.label, what);
  };

  const mayBegin = ({ accepted: { campaign } }: UnderWay): boolean =>
    clock.now() < campaign.expiresAtMs &&
    obstacleTo(campaign, parts.vehicle, clock.now(), parts.installChecks ?? INSTALL_CHECKS) === undefined;

  const takeOffer = async (offer: UpdateOffer): Promise<void> => {
    const campaignSha256 = digestOf(offer.campaign.campaign);
    const [job, held] = [book.job(), book.underWay()?.accepted.campaignSha256];
    const isHeld = held !== undefined && Buffer.compare(campaignSha256, held) === 0;
    const isStopped = job?.state === 'failed' && job.reason === 'stopped';
    // What is under way goes on, and another campaign is offered again when it is over.
    if ((isHeld && !isStopped) || (job !== undefined && !FINAL_STATES.has(job.state))) return;
    const facts = { now: clock.now(), device: parts.device, key: parts.key, ecus: ecus.names, status: ecus.status };
    const accepted = await acceptOffer(offer, facts, parts.offerChecks ?? OFFER_CHECKS);
    if (!accepted.ok) return book.refuse(campaignSha256, accepted.fault);
    differing = 0;
    book.begin(offer, accepted.value.running);
    move('downloading');
  };

  const takePiece = async (piece: UpdatePiece): Promise<void> => {
    if (book.job()?.state !== 'downloading') return;
    if (book.underWay()?.download.take(piece) === 'differs') differing += 1;
    if (differing >= DIFFERING_MAX) move('failed', 'bytes-differ');
    else await goOn();
  };

  /** What was started is brought to its end: an ECU on trial runs neither version for good. */
  const takeStop = async (stop: UpdateStop): Promise<void> => {
    const [on, job] = [book.underWay(), book.job()];
    if (on === undefined || job === undefined || FINAL_STATES.has(job.state)) return;
    if (!isStopOf(stop, on.accepted.campaignSha256, parts.key)) return;
    const isBegun = job.state === 'installing';
    const status = isBegun ? await ecus.status(on.accepted.package.ecu) : undefined;
    if (isBegun && !isUntouched(status, on.accepted.package.version)) return;
    move('failed', 'stopped', status?.version);
    // Persons are told where they were told that it begins.
    if (isBegun) await announce('failed');
  };

  /** What was verified may have waited for weeks since. */
  const begin = async (on: UnderWay): Promise<void> => {
    if (!isWhole(on.accepted.package, image)) {
      book.renew();
      move('downloading');
    } else if (await announce('begins')) move('installing');
    else rest();
  };

  const goOnInstalling = async (on: UnderWay): Promise<void> => {
    const { package: of } = on.accepted;
    const ending = await install({
      ...{ ecu: of.ecu, version: of.version, ecus, image, keep: book.keep, job: () => book.job() as UpdateJob },
      mayBegin: () => mayBegin(on),
      mayRestart: () => mayRestart(parts.vehicle),
      isWhole: () => isWhole(of, image),
    });
    if (ending === undefined) return rest();
    move(ending.state, ending.reason, ending.version);
    await announce(ending.state as Announcement);
  };

  const goOn = async (): Promise<void> => {
    const on = book.underWay();
    const state = (): UpdateState | undefined => book.job()?.state;
    if (on === undefined || FINAL_STATES.has(state() ?? 'failed')) return;
    const { package: of, campaign } = on.accepted;
    if (state() !== 'installing' && clock.now() >= campaign.expiresAtMs) return move('failed', 'expired');
    if (state() === 'offered') move('downloading');
    if (state() === 'downloading' && isConnected && on.download.pump(clock.now())) move('downloaded');
    // Where each piece is what its hash says and together they are not, the package contradicts itself.
    if (state() === 'downloaded' && isWhole(of, image)) move('verified');
    if (state() === 'downloaded') move('failed', 'bytes-differ');
    if (state() === 'verified') move('waiting');
    if (clock.now() < restsUntil) return;
    if (state() === 'waiting' && mayBegin(on)) await begin(on);
    if (state() === 'installing') await goOnInstalling(on);
  };

  const inTurn = createTurns(parts.onFault);
  return {
    take: (message) =>
      inTurn(async () => {
        const decoded = decodeUpdateDownlink(message);
        if (!decoded.ok) return;
        const { value } = decoded;
        if (value.kind === 'stop') await takeStop(value.stop);
        else await (value.kind === 'offer' ? takeOffer(value.offer) : takePiece(value.piece));
      }),
    tick: () =>
      inTurn(async () => {
        book.tellAgain();
        await goOn();
      }),
    connected: () => {
      isConnected = true;
    },
    disconnected: () => {
      isConnected = false;
      book.underWay()?.download.forget();
    },
    state: () => book.job()?.state,
  };
}

/** Whether an ECU runs for good what it ran before. One that is silent is not known to. */
const isUntouched = (status: EcuStatus | undefined, version: number): boolean =>
  status?.isConfirmed === true && status.version !== version;

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
