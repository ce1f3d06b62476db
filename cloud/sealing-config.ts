import { z } from 'zod';

const path = z.string().min(1).max(1_024);

/** `recipients[].sealing`: how and to which keys parcels for a recipient are sealed (docs/sealing.md). */
export const SealingConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('jwe-aes256gcm'),
    keyFile: path.describe("the recipient's registered encryption key: EC P-256 public key, PEM"),
    inspectionKeyFile: path.describe(
      'EC P-256 public key, PEM; its private half stays in the mainland, for inspectors',
    ),
  }),
  z.strictObject({
    kind: z.literal('sm2-sm4'),
    keyFile: path.describe("the recipient's registered encryption key: SM2 public key, PEM"),
    inspectionKeyFile: path.describe('SM2 public key, PEM; its private half stays in the mainland, for inspectors'),
    signingKeyFile: path.describe('SM2 private key, PEM: signs envelopes beside the permit key'),
  }),
]);

export type SealingConfig = z.infer<typeof SealingConfig>;
