import { z } from 'zod';

const path = z.string().min(1).max(1_024);
const ECUS_MAX = 64;
const ARGUMENTS_MAX = 16;

/** Software updates of this vehicle's ECUs (docs/ota.md). */
export const UpdatesConfig = z.strictObject({
  publicKeyFile: path.describe("PEM of the operator's Ed25519 update key"),
  ecus: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected lower-case letters, digits, hyphens'))
    .min(1)
    .max(ECUS_MAX)
    .describe('control units of this vehicle; an update for any other is refused'),
  program: z
    .array(path)
    .min(1)
    .max(ARGUMENTS_MAX)
    .refine(([file = '']) => file.startsWith('/'), 'expected an absolute path first')
    .describe('what writes, starts and checks them: an absolute path and arguments; started without a shell'),
});

export type UpdatesConfig = z.infer<typeof UpdatesConfig>;
