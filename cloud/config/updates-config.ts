import { z } from 'zod';

const path = z.string().min(1).max(1_024);

/** Software updates of vehicles (docs/ota.md). */
export const UpdatesConfig = z.strictObject({
  directory: path.describe('campaigns as `tongguan ota campaign` wrote them, one directory each, named by its id'),
  publicKeyFile: path.describe("PEM of the operator's Ed25519 update key: what it did not sign is not handed on"),
});

export type UpdatesConfig = z.infer<typeof UpdatesConfig>;
