import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../ports/credentials.ts';

const STEP_SECONDS = 30;
const ISSUER = 'Tongguan';

export const oneTimeCodes: OneTimeCodes = {
  link: (seed, account) => {
    const code = codeOf(seed, account);
    return { secret: code.secret.base32, uri: code.toString() };
  },
  step: (seed, code, atMs) => {
    const delta = codeOf(seed, '').validate({ token: code, timestamp: atMs, window: 1 });
    return delta === null ? undefined : Math.floor(atMs / 1_000 / STEP_SECONDS) + delta;
  },
};

function codeOf(seed: Uint8Array, account: string): TOTP {
  const secret = new Secret({ buffer: new Uint8Array(seed).buffer });
  return new TOTP({ issuer: ISSUER, label: account, algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret });
}
