import { z } from 'zod';
import { Principal } from '../registers/kinds/principals.ts';
import { parseCidr } from './cidr.ts';

const BLOCKS_MAX = 1_000;
const ACCOUNTS_MAX = 1_000;
const UID_MAX = 4_294_967_294;

/** Who may read what, and from where. Without it nothing can be read over the local API. */
export const AccessConfig = z.strictObject({
  mainland: z
    .array(z.string().refine((text) => parseCidr(text) !== undefined, 'expected CIDR notation, such as `192.0.2.0/24`'))
    .max(BLOCKS_MAX)
    .default([])
    .describe('blocks of addresses that lie in the mainland; every other address is abroad'),
  accounts: z
    .array(
      z.strictObject({
        uid: z.int().min(0).max(UID_MAX).describe('number of the account of the operating system'),
        account: z.string().min(1).max(64).describe('id of the principal'),
      }),
    )
    .max(ACCOUNTS_MAX)
    .default([])
    .describe('which account is behind an account of the operating system that reads over the local socket'),
  principals: z
    .array(Principal)
    .max(ACCOUNTS_MAX)
    .default([])
    .describe('who reads, where the register `principal` has no entry of the account'),
  socket: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe(
      'Unix socket, mode 0660, at which commands of other accounts enter what they read, and ask nothing else; without it they need `api.socket`',
    ),
});

export type AccessConfig = z.infer<typeof AccessConfig>;
