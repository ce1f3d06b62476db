import type { DeviceId } from '../../../proto/words/topics.ts';
import type { GbFrame } from '../gb32960/frame.ts';
import { ANSWER, answerTo } from './gb-answer.ts';
import { COMMAND, doubtOfIngress, isUnreadCommand, serialOf } from './gb-doubts.ts';
import { countDoubt, type GbSession, keepUnread, octetsOf, openedOf, refuse, store } from './gb-intake.ts';
import { type PlatformLogin, vehicleOf, withoutPassword } from './gb-platform.ts';

/** Under what a platform stands among those who are present; no device is called so. */
const presentAs = ({ account }: PlatformLogin): DeviceId => `platform:${account.id}` as DeviceId;

/** Login of a platform (7.4). While its password is looked at the connection is nobody's, and what it sends is refused. */
export async function takePlatformLogin(session: GbSession, frame: GbFrame): Promise<void> {
  const { parts, origin, present, link } = session;
  const doubt = session.isOpening ? ({ refused: 'refused-busy', cause: 'error' } as const) : doubtOfIngress(parts);
  if (doubt !== undefined) {
    refuse(session, frame, doubt);
    return;
  }
  session.isOpening = true;
  // What is held of a frame is a view of its segment, and this outlives the segment.
  const kept = { ...frame, unit: Buffer.from(frame.unit) };
  const account = await parts.platforms.open(kept, origin);
  session.isOpening = false;
  if (account === undefined) {
    countDoubt(session, 'refused-platform');
    parts.unbound(octetsOf(withoutPassword(kept)), () => {
      link.write(answerTo(kept, 'error'));
      link.end();
    });
    return;
  }
  if (session.isClosed) return;
  const platform = { account, serial: serialOf(kept) };
  if (!parts.presence.enter(presentAs(platform), present, parts.clock.now())) {
    refuse(session, kept, { refused: 'refused-duplicate', cause: 'duplicate' });
    return;
  }
  session.platform = platform;
  parts.count('platform-login');
  link.write(answerTo(kept, ANSWER.ok));
}

const OF_VEHICLES: ReadonlySet<number> = new Set([COMMAND.login, COMMAND.realtime, COMMAND.reissue, COMMAND.logout]);

/** A frame over the connection of a platform: each is of the vehicle it names, where that is registered under the platform. */
export function takeOverPlatform(session: GbSession, platform: PlatformLogin, frame: GbFrame): void {
  const { parts, link } = session;
  if (frame.command === COMMAND.heartbeat) {
    parts.count('heartbeat');
    link.write(answerTo(frame, ANSWER.ok));
  } else if (frame.command === COMMAND.platformLogout) takePlatformLogout(session, platform, frame);
  else if (OF_VEHICLES.has(frame.command) || isUnreadCommand(frame)) takeOfVehicle(session, platform, frame);
  else refuse(session, frame, { refused: 'refused-command', cause: 'error' });
}

function takePlatformLogout(session: GbSession, { serial }: PlatformLogin, frame: GbFrame): void {
  if (serialOf(frame) !== serial) {
    refuse(session, frame, { refused: 'refused-serial', cause: 'error' });
    return;
  }
  session.parts.count('platform-logout');
  session.link.write(answerTo(frame, ANSWER.ok));
  leavePlatform(session);
}

function takeOfVehicle(session: GbSession, { account }: PlatformLogin, frame: GbFrame): void {
  const { parts, link } = session;
  const bound = vehicleOf(account, frame.vin, parts);
  if (bound === undefined) {
    countDoubt(session, 'refused-unbound');
    parts.unbound(octetsOf(frame), () => link.write(answerTo(frame, 'unknown')), 'TERMINAL_PLATFORM_VEHICLE');
    return;
  }
  const opened = openedOf(frame, parts);
  const login = { bound, tag: parts.tagOf(bound), serial: 0, endedAt: undefined };
  if (opened === undefined) refuse(session, frame, { rejected: 'TERMINAL_UNDECRYPTED', cause: 'decryption' }, bound);
  else if (isUnreadCommand(opened)) keepUnread(session, login, opened);
  else store(session, login, opened);
}

export function leavePlatform(session: GbSession): void {
  const { platform, parts, present } = session;
  if (platform !== undefined) parts.presence.leave(presentAs(platform), present);
  session.platform = undefined;
}
