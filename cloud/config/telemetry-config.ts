import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from './console-config.ts';

const path = z.string().min(1).max(1_024);
const SECONDS_MIN = 10;
const SECONDS_MAX = 3_600;

/** Metrics and traces by OTLP over HTTP, as JSON. Without this section nothing is sent, and nothing is loaded that could. */
export const TelemetryConfig = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^https?:\/\/[^/?#@\s]+(\/[^?#\s]*[^/?#\s])?$/,
        'expected `https://host:port` without user, query or final slash',
      )
      .max(256)
      .describe('the collector; `/v1/metrics` and `/v1/traces` are put behind it. `http` on a loopback address only'),
    address: z
      .union([z.ipv4(), z.ipv6()])
      .optional()
      .describe(
        'for `https`: the address that is connected to, in `access.mainland` or loopback; no name is looked up',
      ),
    authorityFile: path.optional().describe('for `https`: PEM of the authority that signs its certificate'),
    intervalSeconds: z.int().min(SECONDS_MIN).max(SECONDS_MAX).default(60).describe('between two reports of metrics'),
  })
  .superRefine(({ url, address, authorityFile }, context) => {
    const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (!URL.canParse(url)) return refuse('url', 'is no address');
    const { protocol, hostname } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    if (protocol === 'http:') {
      // An address and not a name: who answers for a name tomorrow is not known today.
      if (isIP(host) === 0 || !isLoopback(host)) refuse('url', '`http` is for a loopback address; expected `https`');
      if (address !== undefined) refuse('address', 'stands in the url of `http`');
      if (authorityFile !== undefined) refuse('authorityFile', 'is for `https`');
      return;
    }
    if (address === undefined) refuse('address', '`https` needs the address to connect to');
    else if (isIP(host) !== 0 && host !== address) refuse('address', 'is not the one in `url`');
    if (authorityFile === undefined) refuse('authorityFile', '`https` needs the authority of the collector');
  });

export type TelemetryConfig = z.infer<typeof TelemetryConfig>;
