import { decodeUpdateAsk, encodeUpdateDownlink } from '../../proto/codec/update-codec.ts';
import type { Clock } from '../../proto/words/time.ts';
import { FINAL_STATES, isSettled } from '../../proto/words/update.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import type { CampaignOnFile, UpdateCampaigns } from '../ports/update-campaigns.ts';
import type { UpdateCount, UpdateRegister } from '../ports/update-register.ts';
import { obstaclesTo, type ReleaseFacts, type ReleaseObstacle, stops } from './may-release.ts';

/** Hands campaigns on to vehicles; it can make none. */
export interface UpdateDistribution {
  /** What a vehicle that begins to listen is offered: the first campaign that it is not done with. */
  readonly offerFor: (device: Asking) => Uint8Array | undefined;
  /** Stops of what it may hold and is not done with; told before any offer. */
  readonly stopsFor: (device: Asking) => readonly Uint8Array[];
  /** The piece that a vehicle asks for; undefined for anything that it was not offered. */
  readonly answer: (device: Asking, ask: Uint8Array) => Uint8Array | undefined;
  /** Looks at files and register again. Gives whether vehicles have to be told anew. */
  readonly look: () => boolean;
  readonly standings: () => readonly CampaignStanding[];
}

type Asking = Pick<RegisteredDevice, 'device' | 'number'>;

/** A campaign as it stands: what holds it back, and how many vehicles are how far. */
export interface CampaignStanding {
  readonly id: string;
  readonly campaignSha256: string;
  readonly ecu: string;
  readonly version: number;
  readonly label: string;
  readonly packageSha256: string;
  readonly sourceTreeSha256: string;
  /** Vehicles that it was given to. */
  readonly vehicles: number;
  /** Empty where it is offered. */
  readonly heldBackBy: readonly ReleaseObstacle[];
  readonly counts: readonly UpdateCount[];
}

export interface DistributionParts {
  readonly campaigns: UpdateCampaigns;
  readonly register: Pick<UpdateRegister, 'standing' | 'counts'>;
  /** Entry of the register of campaigns. */
  readonly find: (id: string) => ReleaseFacts['entry'];
  readonly filingDueOn: ReleaseFacts['filingDueOn'];
  readonly clock: Clock;
  /** Asked of each campaign; another one only in a scenario that sees it missed. */
  readonly obstacles?: typeof obstaclesTo;
}

interface Looked {
  readonly of: CampaignOnFile;
  readonly heldBackBy: readonly ReleaseObstacle[];
  readonly isStopped: boolean;
}

export function createUpdateDistribution(parts: DistributionParts): UpdateDistribution {
  const { campaigns, register, find, filingDueOn, clock, obstacles = obstaclesTo } = parts;
  let looked: readonly Looked[] = [];
  const released = (): readonly CampaignOnFile[] =>
    looked.flatMap(({ of, heldBackBy }) => (heldBackBy.length === 0 ? [of] : []));
  const stopped = (): readonly CampaignOnFile[] => looked.flatMap(({ of, isStopped }) => (isStopped ? [of] : []));
  const isDone = ({ campaignSha256 }: CampaignOnFile, { number }: Asking): boolean => {
    const standing = register.standing(campaignSha256, number);
    return standing !== undefined && isSettled(standing.state, standing.reason);
  };
  return {
    offerFor: (device) => {
      for (const of of released()) {
        const offer = isDone(of, device) ? undefined : of.offerFor(device.device);
        if (offer !== undefined) return offer;
      }
      return undefined;
    },
    stopsFor: (device) =>
      stopped()
        .filter(({ offerFor }) => offerFor(device.device) !== undefined)
        .filter(
          ({ campaignSha256 }) =>
            !FINAL_STATES.has(register.standing(campaignSha256, device.number)?.state ?? 'offered'),
        )
        .map(({ stop }) => stop),
    answer: (device, bytes) => {
      const ask = decodeUpdateAsk(bytes);
      if (!ask.ok) return undefined;
      const name = Buffer.from(ask.value.campaignSha256).toString('hex');
      const of = released().find(({ campaignSha256 }) => campaignSha256 === name);
      if (of === undefined || of.offerFor(device.device) === undefined || isDone(of, device)) return undefined;
      const piece = of.piece(ask.value.index);
      return piece && encodeUpdateDownlink({ kind: 'piece', piece: { ...ask.value, bytes: piece } });
    },
    look: () => {
      const names = (of: readonly CampaignOnFile[]): readonly string[] =>
        of.map(({ campaignSha256 }) => campaignSha256);
      const [offered, ended] = [new Set(names(released())), new Set(names(stopped()))];
      looked = campaigns.list().map((of) => {
        const facts = { now: clock.now(), entry: find(of.campaign.id), filingDueOn };
        const heldBackBy = obstacles(of, facts);
        return { of, heldBackBy, isStopped: stops(heldBackBy, facts.entry) };
      });
      return names(released()).some((name) => !offered.has(name)) || names(stopped()).some((name) => !ended.has(name));
    },
    standings: () => looked.map((one) => standingOf(one, register)),
  };
}

function standingOf(
  { of: { campaign, campaignSha256, package: of, vehicles }, heldBackBy }: Looked,
  { counts }: DistributionParts['register'],
): CampaignStanding {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return {
    ...{ id: campaign.id, campaignSha256, ecu: of.ecu, version: of.version, label: of.label, vehicles, heldBackBy },
    ...{ packageSha256: hex(of.imageSha256), sourceTreeSha256: hex(of.sourceTreeSha256) },
    counts: counts(campaignSha256),
  };
}
