import { timingSafeEqual } from 'node:crypto';
import type { Clock, Instant } from '../../../proto/words/time.ts';
import type { Sender } from '../../ports/device-register.ts';
import type { GbFrame } from '../gb32960/frame.ts';
import { readUnit } from '../gb32960/unit.ts';
import { isSameCode, type Origin, platformCode } from './binding.ts';
import type { SessionParts } from './session.ts';

/** An enterprise platform that may log in here (7.4) and speak for the vehicles that are registered under it. */
export interface RegisteredPlatform {
  /** Unique identifier, 17 characters; stands where a VIN does. */
  readonly id: string;
  readonly user: string;
  /** Argon2id, in its encoded form. */
  readonly passwordHash: string;
  /** Networks it may come from, as CIDR. */
  readonly sources: readonly string[];
}

/** Which platform a connection speaks for. */
export interface PlatformLogin {
  readonly account: RegisteredPlatform;
  readonly serial: number | undefined;
}

/** Who may log in as a platform. */
export interface PlatformDoor {
  /** @returns undefined for whoever may not: unknown, from elsewhere, another name or password, too many tries, or a check that threw */
  readonly open: (login: GbFrame, origin: Origin) => Promise<RegisteredPlatform | undefined>;
}

/** Logins of one platform that failed; then none is looked at for a while, so that a password of 20 characters cannot be tried out. */
export const FAILURES_MAX = 5;
export const FAILURES_MS = 600_000;
/** Each look at a password takes 64 MiB for a moment. */
const LOOKS_AT_ONCE = 2;

export interface PlatformDoorParts {
  readonly platforms: readonly RegisteredPlatform[];
  /** Takes the same time whatever the password. */
  readonly verify: (passwordHash: string, password: string) => Promise<boolean>;
  readonly clock: Clock;
}

export function createPlatformDoor({ platforms, verify, clock }: PlatformDoorParts): PlatformDoor {
  const known = new Map(platforms.map((platform) => [platform.id, platform]));
  const failures = new Map<string, { count: number; readonly since: Instant }>();
  let looks = 0;

  const isShut = (id: string): boolean => {
    const failed = failures.get(id);
    if (failed === undefined) return false;
    if (Math.abs(clock.now() - failed.since) > FAILURES_MS) failures.delete(id);
    return failures.has(id) && failed.count >= FAILURES_MAX;
  };
  const look = async ({ id, user, passwordHash }: RegisteredPlatform, login: GbFrame): Promise<boolean> => {
    const { fields } = readUnit(login);
    const failed = failures.get(id) ?? { count: 0, since: clock.now() };
    failures.set(id, failed);
    // Counted before it is known: tries at the same moment count each.
    failed.count += 1;
    const isVerified = await verify(passwordHash, unpadded(fields['password']));
    const isAdmitted = isVerified && isSameText(unpadded(fields['user']), user);
    if (isAdmitted) failures.delete(id);
    return isAdmitted;
  };

  return {
    async open(login, { isWithin }) {
      const platform = known.get(login.vin);
      if (platform === undefined || looks >= LOOKS_AT_ONCE) return undefined;
      looks += 1;
      try {
        if (!isWithin(platform.sources) || isShut(platform.id)) return undefined;
        return (await look(platform, login)) ? platform : undefined;
      } catch {
        return undefined;
      } finally {
        looks -= 1;
      }
    },
  };
}

/** Nobody may. */
export const SHUT: PlatformDoor = { open: () => Promise.resolve(undefined) };

/** Fields of a fixed length are filled with zeros or blanks. */
const unpadded = (value: unknown): string => (typeof value === 'string' ? value.replace(/[\0 ]+$/, '') : '');

const TEXT_BYTES = 20;

function isSameText(one: string, other: string): boolean {
  const bytes = (text: string): Buffer => Buffer.from(text.padEnd(TEXT_BYTES, '\0').slice(0, TEXT_BYTES), 'latin1');
  return timingSafeEqual(bytes(one), bytes(other));
}

/** The vehicle a frame over a platform is of: on the list of that platform, or nobody. */
export function vehicleOf(
  platform: RegisteredPlatform,
  vin: string,
  { register, digestOf }: Pick<SessionParts, 'register' | 'digestOf'>,
): Sender | undefined {
  const terminal = register.findTerminal('gb32960', vin);
  return terminal !== undefined && isSameCode(terminal.code, digestOf(platformCode(platform.id)))
    ? terminal
    : undefined;
}

const PASSWORD_AT = 20;
const PASSWORD_END = 40;

/** A login as evidence: without the password, which may be the right one of somebody else. */
export const withoutPassword = (login: GbFrame): GbFrame => ({
  ...login,
  unit: Buffer.from(login.unit).fill(
    0,
    Math.min(PASSWORD_AT, login.unit.length),
    Math.min(PASSWORD_END, login.unit.length),
  ),
});
