import { assert } from '../../proto/words/result.ts';
import { type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import { encodeGb } from '../terminals/gb32960/view.ts';
import type { PlatformAccount } from './forward-session.ts';

const USER_CHARACTERS = 12;
const PASSWORD_CHARACTERS = 20;

/** Login of a platform (7.4, table 29 of 2016): serial of the day, account, password. */
export function platformLogin(account: PlatformAccount, serial: number, now: Instant): Buffer {
  return frameOf(account, 'platform-login', now, {
    ...{ serial, user: account.user.padEnd(USER_CHARACTERS, '\0') },
    ...{ password: account.password.padEnd(PASSWORD_CHARACTERS, '\0'), encryption: 'none' },
  });
}

/** Its logout (7.5), with the serial of the login. */
export const platformLogout = (account: PlatformAccount, serial: number, now: Instant): Buffer =>
  frameOf(account, 'platform-logout', now, { serial });

function frameOf({ edition, platform }: PlatformAccount, command: string, now: Instant, body: object): Buffer {
  const at = `${new Date(now + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
  const head = {
    protocol: `gb32960-${edition}`,
    command,
    answer: 'command',
    vin: platform,
    encryption: 'none',
  } as const;
  const bytes = encodeGb({ ...head, checksum: 'good', body: { at, ...body } });
  assert(bytes.ok, 'the configuration holds an account that fits its fields');
  return bytes.value;
}
