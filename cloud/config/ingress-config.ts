import { z } from 'zod';

const path = z.string().min(1).max(1_024);
const CONNECTIONS_MAX = 256;

/** Where payloads of vehicles come from. */
export const IngressConfig = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('embedded') }),
    z.strictObject({
      kind: z.literal('external'),
      url: z
        .string()
        .regex(/^mqtts?:\/\/[^/?#@\s]+$/, 'expected `mqtts://host:port` without user or path')
        .max(256)
        .describe('broker or load balancer of a cluster; `mqtt://` only where nobody else can listen, with `insecure`'),
      insecure: z.literal('unencrypted').optional().describe('has to stand where `url` begins with `mqtt://`'),
      protocol: z.enum(['5', '3.1.1']).default('5').describe('of MQTT; shared subscriptions are of version 5'),
      share: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/)
        .default('tongguan')
        .describe('name of the shared subscription; all workers of an installation have the same'),
      worker: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,32}$/)
        .describe('of this process and no other; its sessions at the broker keep what comes while it is away'),
      connections: z.int().min(1).max(CONNECTIONS_MAX).default(16).describe('each has one payload in hand at a time'),
      caFile: path.optional().describe('PEM of the authority that signs the broker'),
      certificateFile: path.optional(),
      keyFile: path.optional(),
      username: z.string().min(1).max(255).optional(),
      passwordFile: path.optional().describe('holds the password and nothing else'),
    }),
  ])
  .default({ kind: 'embedded' })
  .refine(
    (config) => config.kind === 'embedded' || config.url.startsWith('mqtts://') || config.insecure === 'unencrypted',
    { path: ['insecure'], message: 'expected `unencrypted`: the connection to this broker is not encrypted' },
  )
  .describe('`embedded`: vehicles connect here; `external`: to a broker that workers subscribe to (docs/brokers.md)');

export type ExternalIngress = Extract<z.infer<typeof IngressConfig>, { kind: 'external' }>;
