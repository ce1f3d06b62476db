import { isV4, parseAddress, wireBytes } from '../../capture/address.ts';

/** A connection that may go on, and be recorded. */
export interface Admission {
  /** A registered recipient turned out to be at the other end: nothing was used up, and its address is known from here on. */
  readonly vouch: () => void;
}

/**
 * How many connections are recorded whose other end nobody knows. Each costs an entry, its end and a capture that the law
 * keeps for weeks; whoever may make as many as they like fills the disk, and then nothing leaves.
 */
export interface StrangerLimit {
  /** @returns undefined for a connection that is to end before anything is sent or recorded */
  readonly admit: (address: string, nowMs: number) => Admission | undefined;
}

/** So many at once, and one more each `refillMs`. */
interface Allowance {
  readonly burst: number;
  readonly refillMs: number;
}

/** Of all strangers together: 960 a day in the long run. */
const ALL: Allowance = { burst: 200, refillMs: 90_000 };
/** Of one source: who floods from one address leaves the others their part of `ALL`. */
const SOURCE: Allowance = { burst: 20, refillMs: 600_000 };
/** Of an address that a recipient was at: they are served while strangers have used up theirs. */
const KNOWN: Allowance = { burst: 60, refillMs: 60_000 };
/** Sources that are remembered. `ALL` lets in fewer before the first of them has its whole allowance again, and is forgotten. */
const SOURCES_MAX = 1_024;
/** Addresses of recipients; the one that was silent longest is forgotten. */
const KNOWN_MAX = 256;

export function createStrangerLimit(): StrangerLimit {
  const all = createBucket(ALL);
  const sources = new Map<string, Bucket>();
  const known = new Map<string, Bucket>();

  const bucketOf = (source: string, nowMs: number): Bucket | undefined => {
    if (sources.size >= SOURCES_MAX)
      for (const [name, bucket] of sources) if (bucket.left(nowMs) === SOURCE.burst) sources.delete(name);
    return sources.get(source) ?? (sources.size < SOURCES_MAX ? createBucket(SOURCE) : undefined);
  };
  const take = (source: string, nowMs: number): readonly Bucket[] | undefined => {
    const ofRecipient = known.get(source);
    if (ofRecipient !== undefined) return takeAll([ofRecipient], nowMs);
    const own = bucketOf(source, nowMs);
    const taken = own === undefined ? undefined : takeAll([own, all], nowMs);
    if (own !== undefined && taken !== undefined) sources.set(source, own);
    return taken;
  };
  return {
    admit: (address, nowMs) => {
      const source = sourceOf(address);
      const taken = take(source, nowMs);
      if (taken === undefined) return undefined;
      return {
        vouch: () => {
          for (const bucket of taken) bucket.giveBack();
          const bucket = known.get(source) ?? createBucket(KNOWN);
          known.delete(source);
          known.set(source, bucket);
          const [oldest] = known.keys();
          if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest);
        },
      };
    },
  };
}

interface Bucket {
  readonly left: (nowMs: number) => number;
  readonly take: () => void;
  readonly giveBack: () => void;
}

function createBucket({ burst, refillMs }: Allowance): Bucket {
  let used = 0;
  let at = 0;
  return {
    left: (nowMs) => {
      const refilled = Math.max(0, Math.floor((nowMs - at) / refillMs));
      used = Math.max(0, used - refilled);
      at = used === 0 ? nowMs : at + refilled * refillMs;
      return burst - used;
    },
    take: () => {
      used += 1;
    },
    giveBack: () => {
      used = Math.max(0, used - 1);
    },
  };
}

/** From all of them or from none. */
function takeAll(buckets: readonly Bucket[], nowMs: number): readonly Bucket[] | undefined {
  if (buckets.some((bucket) => bucket.left(nowMs) <= 0)) return undefined;
  for (const bucket of buckets) bucket.take();
  return buckets;
}

/** Bytes of an IPv6 address that name a network: whoever has one of its addresses has all of them. */
const V6_NETWORK_BYTES = 8;

/** An IPv4 address, however it is written; of an IPv6 address its network, `2001:db8:0:1::/64`. */
export function sourceOf(address: string): string {
  const parsed = parseAddress(address);
  if (parsed === undefined) return 'unknown';
  if (isV4(parsed)) return wireBytes(parsed).join('.');
  const pairs = Buffer.from(parsed.subarray(0, V6_NETWORK_BYTES)).toString('hex').match(/.{4}/g) ?? [];
  return `${pairs.map((pair) => Number.parseInt(pair, 16).toString(16)).join(':')}::/64`;
}
