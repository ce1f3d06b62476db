import { z } from 'zod';
import { parseCidr } from '../access/cidr.ts';
import { ForwardConfig } from '../forwarding/forwarding-config.ts';

const path = z.string().min(1).max(1_024);
const host = z.string().min(1).max(255).describe('address to listen on for terminals');
const port = z.int().min(0).max(65_535).describe('0 takes a free port');
const idleSeconds = z.int().min(30).max(3_600).describe('a terminal that says nothing for so long is disconnected');

const tls = z
  .strictObject({
    certificateFile: path.describe('certificate that terminals see, PEM'),
    keyFile: path.describe('its key, PEM'),
    deviceAuthorityFile: path.describe('PEM of the authority that signs device certificates'),
  })
  .optional();

const CHANNELS_MAX = 64;

/** What becomes of pictures. Left out, all of them are dropped. */
const JtImagery = z.strictObject({
  treatment: z
    .enum(['mosaic', 'redact'])
    .describe('as for vehicles (docs/imagery.md); the raw picture is kept nowhere'),
  intervalSeconds: z.int().min(10).max(86_400).describe('shortest time between two pictures of one channel'),
  exterior: z
    .array(
      z.strictObject({
        channel: z.int().min(0).max(255).describe('number of a channel, as terminals have it'),
        camera: z.enum(['front', 'rear', 'left', 'right', 'other']).describe('where its camera looks'),
      }),
    )
    .min(1)
    .max(CHANNELS_MAX)
    .describe('channels that look out of the vehicle; every other looks into the cabin, and its pictures are dropped'),
});

const Jt808 = z.strictObject({
  older: z
    .union([z.literal(2011), z.literal(2013)])
    .describe('edition of a header without a version, which does not say it'),
  idleSeconds,
  tcp: z
    .strictObject({
      ...{ host, port },
      tls: tls.describe('with it a terminal also needs the certificate of a registered device of its vehicle'),
    })
    .optional(),
  udp: z
    .strictObject({
      ...{ host, port },
      acceptForgeableSources: z
        .literal(true)
        .describe('whoever can forge the address of a terminal that has authenticated can speak for it'),
    })
    .optional(),
  imagery: JtImagery.optional(),
});

const DESTINATIONS_MAX = 8;
const PLATFORMS_MAX = 64;
const SOURCES_MAX = 64;

/** An enterprise platform that logs in here. Nothing of it has a default. */
const Platform = z.strictObject({
  id: z
    .string()
    .regex(/^[\x21-\x7e]{17}$/, 'expected 17 characters')
    .describe('unique identifier of the platform'),
  user: z
    .string()
    .regex(/^[\x21-\x7e]{1,12}$/, 'expected 1 to 12 characters')
    .describe('its account here'),
  passwordHashFile: path.describe('what `tongguan terminal hash` printed for its password'),
  sources: z
    .array(z.string().refine((text) => parseCidr(text) !== undefined, 'expected CIDR notation, such as `192.0.2.0/24`'))
    .min(1)
    .max(SOURCES_MAX)
    .describe('where it may come from'),
});

/** Ports for terminals of national standards. Without this section none is opened. */
export const TerminalsConfig = z
  .strictObject({
    gb32960: z
      .strictObject({
        ...{ host, port, idleSeconds },
        keysFile: path
          .optional()
          .describe('keys that encrypted units are opened with; without it such frames lie in quarantine'),
        signatureKeysFile: path
          .optional()
          .describe('public keys of vehicles that sign (2025); a signature without one goes on record as unverified'),
        platforms: z
          .array(Platform)
          .max(PLATFORMS_MAX)
          .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'expected each id once')
          .optional()
          .describe('enterprise platforms that may log in (05) and speak for the vehicles registered under them'),
        tls: tls.describe(
          'with it only registered devices connect, by certificate; without it terminals are known by source and ICCID, and what they send is readable on its way',
        ),
      })
      .optional()
      .describe('GB/T 32960.3, of 2016 and of 2025, from vehicles'),
    jt808: Jt808.optional().describe('JT/T 808 of 2011, 2013 and 2019; registered terminals only'),
    forward: z
      .array(ForwardConfig)
      .max(DESTINATIONS_MAX)
      .optional()
      .describe('platforms in the mainland that frames of GB/T 32960 are forwarded to, by the role of a platform'),
  })
  .describe('terminals of national standards (docs/terminals.md); needs `zones.custodian`, since they send positions');
