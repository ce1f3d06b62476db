import { z } from 'zod';

const path = z.string().min(1).max(1_024);

/** Witnesses of one cloud; each is asked about each log. */
export const WITNESSES_MAX = 8;

/** `log.witnesses`: who cosigns the tree heads (docs/logs.md). */
export const WitnessesConfig = z
  .array(
    z.strictObject({
      url: z
        .string()
        .regex(/^https:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/, 'expected `https://host:port/path` without user or query')
        .max(256)
        .describe('submission prefix of a witness (C2SP tlog-witness); its name is that of the certificate'),
      address: z
        .union([z.ipv4(), z.ipv6()])
        .describe('the mainland address that is connected to; no name is looked up'),
      authorityFile: path.describe('PEM of the authority that signs its certificate'),
      keyFile: path.describe('verifier key of the witness, as `tongguan log witness` prints it'),
    }),
  )
  .max(WITNESSES_MAX);
