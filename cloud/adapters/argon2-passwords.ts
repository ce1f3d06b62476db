import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '../ports/credentials.ts';

/** What a hash costs. */
export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** The second recommended option of RFC 9106 with one lane: 64 MiB, three passes. */
const COST: Argon2Cost = { memoryKib: 65_536, passes: 3 };

/** Argon2id, which the library takes where nothing else is said, in a thread of libuv's. @param cost - lower only for tests */
export function argon2Passwords({ memoryKib, passes }: Argon2Cost = COST): Passwords {
  const options = { memoryCost: memoryKib, timeCost: passes, parallelism: 1 };
  return {
    hash: (password) => hash(password, options),
    verify: (text, password) => verify(text, password).catch(() => false),
  };
}
