import { isIP } from 'node:net';
import { z } from 'zod';
import { parseCidr } from '../access/cidr.ts';
import { ROLES } from '../accounts/role.ts';

const path = z.string().min(1).max(1_024);
const BLOCKS_MAX = 100;

const blocks = z
  .array(z.string().refine((text) => parseCidr(text) !== undefined, 'expected CIDR notation, such as `192.0.2.0/24`'))
  .max(BLOCKS_MAX);

/** The HTTP API for people, and the console on it. Without this section nobody listens. */
export const ConsoleConfig = z
  .strictObject({
    address: z
      .string()
      .refine((text) => isIP(text) !== 0, 'expected an IP address')
      .describe('address to listen on'),
    port: z.int().min(0).max(65_535).describe('0 takes a free port'),
    tls: z
      .strictObject({
        certificateFile: path.describe('certificate that browsers see, PEM'),
        keyFile: path.describe('its key, PEM'),
      })
      .optional()
      .describe('PEM; may be left out on a loopback address only'),
    origin: z
      .string()
      .regex(/^https?:\/\/[^/?#@\s]+$/, 'expected `https://host` or `https://host:port`')
      .max(256)
      .optional()
      .describe('as browsers see it, where that is not the address itself'),
    trustedProxies: blocks
      .default([])
      .describe('proxies whose `X-Forwarded-For` is believed; every other address is taken as it connects'),
    probes: blocks
      .default(['127.0.0.0/8', '::1/128'])
      .describe('who may ask for `/metrics`, `/healthz` and `/readyz`, without logging in'),
    secondFactor: z
      .enum(['required', 'offered'])
      .default('required')
      .describe('whether a local account without a second factor can do more than set one up'),
    firstRoles: z
      .array(z.enum(ROLES))
      .min(1)
      .max(ROLES.length)
      .default(['administrator'])
      .describe('roles of the account that the first start makes'),
    captures: path
      .optional()
      .describe(
        "the exporter's captures, or a copy of them, to be listed; their content takes a key that is elsewhere",
      ),
    inspections: path
      .optional()
      .describe(
        'directory where bundles of inspections, logs and captures lie for a day after they were asked for; nothing else lies there',
      ),
    backups: path.optional().describe('directory below which backups lie, to be listed'),
    oidc: z
      .strictObject({
        issuer: z
          .string()
          .regex(
            /^(https:\/\/[^/?#@\s]+|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?)(\/[^?#\s]*)?$/,
            'expected `https://host`',
          )
          .max(512)
          .describe('the identity provider, in the mainland, as its discovery document names it'),
        clientId: z.string().min(1).max(256).describe('name of this client at the provider'),
        clientSecretFile: path.describe('its secret'),
      })
      .optional()
      .describe('log in by an identity provider beside local accounts (docs/accounts.md)'),
  })
  .superRefine((config, context) => {
    if (config.tls === undefined && !isLoopback(config.address))
      context.addIssue({ code: 'custom', path: ['tls'], message: 'is required on an address that is no loopback' });
  });

export type ConsoleConfig = z.infer<typeof ConsoleConfig>;

export const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
