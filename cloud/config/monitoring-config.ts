import { z } from 'zod';
import { RULE_IDS } from '../monitoring/rules.table.ts';

const path = z.string().min(1).max(1_024);
const LIMIT_MAX = 1_000_000_000;

/** How the logs are watched and who is told. Nothing goes out that is not named here. */
export const MonitoringConfig = z.strictObject({
  limits: z
    .partialRecord(z.enum(RULE_IDS as readonly [string, ...string[]]), z.number().min(0).max(LIMIT_MAX))
    .default({})
    .describe("the operator's figures in place of the shipped ones, by rule (docs/alerts.md)"),
  trafficLog: z
    .strictObject({
      directory: path.describe("the exporter's traffic log; read, never written"),
      publicKeyFile: path.describe('PEM of the public key that signs it'),
    })
    .optional()
    .describe('without it the rules over traffic are not at work, and the status says so'),
  webhook: z
    .strictObject({
      url: z
        .string()
        .regex(/^https:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/, 'expected `https://host:port/path` without user or query')
        .max(256)
        .describe('where alerts are posted to; its name is that of the certificate'),
      address: z
        .union([z.ipv4(), z.ipv6()])
        .describe('the mainland address that is connected to; no name is looked up'),
      authorityFile: path.describe('PEM of the authority that signs its certificate'),
      keyFile: path.describe('32 random bytes or more; signs each body (HMAC-SHA256)'),
    })
    .optional()
    .describe('alerts as signed JSON over HTTPS; off where it is absent'),
  syslog: z
    .strictObject({
      transport: z.enum(['udp', 'tcp', 'tls']).describe('how alerts are sent, as RFC 5424 messages'),
      address: z.union([z.ipv4(), z.ipv6()]).describe('the mainland address of the collector; no name is looked up'),
      port: z.int().min(1).max(65_535).describe('of the collector'),
      authorityFile: path.optional().describe('for `tls`: PEM of the authority that signs its certificate'),
      serverName: z.string().min(1).max(255).optional().describe('for `tls`: the name its certificate has to bear'),
    })
    .refine(
      ({ transport, authorityFile, serverName }) =>
        transport !== 'tls' || (authorityFile !== undefined && serverName !== undefined),
      {
        message: '`tls` needs `authorityFile` and `serverName`',
      },
    )
    .optional(),
});
