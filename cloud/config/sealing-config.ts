import { z } from 'zod';

const path = z.string().min(1).max(1_024);

/** `recipients[].sealing`: how parcels for a recipient are sealed; its key is in the register (docs/sealing.md). */
export const SealingConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('jwe-aes256gcm'),
    keyFile: path
      .optional()
      .describe(
        "the recipient's encryption key once more, EC P-256, PEM: where the register has another, nothing goes",
      ),
    inspectionKeyFile: path.describe(
      'EC P-256 public key, PEM; its private half stays in the mainland, for inspectors',
    ),
  }),
  z.strictObject({
    kind: z.literal('sm2-sm4'),
    keyFile: path
      .optional()
      .describe("the recipient's encryption key once more, SM2, PEM: where the register has another, nothing goes"),
    inspectionKeyFile: path.describe('SM2 public key, PEM; its private half stays in the mainland, for inspectors'),
    signingKeyFile: path.describe('SM2 private key, PEM: signs envelopes beside the permit key'),
  }),
]);

export type SealingConfig = z.infer<typeof SealingConfig>;
