import { z } from 'zod';
import { ForwardConfig } from './forwarding/forwarding-config.ts';

const path = z.string().min(1).max(1_024);
const DESTINATIONS_MAX = 8;

/** Ports for terminals of national standards. Without this section none is opened. */
export const TerminalsConfig = z
  .strictObject({
    gb32960: z
      .strictObject({
        host: z.string().min(1).max(255).describe('address to listen on for terminals'),
        port: z.int().min(0).max(65_535).describe('0 takes a free port'),
        idleSeconds: z.int().min(30).max(3_600).describe('a terminal that says nothing for so long is disconnected'),
        keysFile: path
          .optional()
          .describe('keys that encrypted units are opened with; without it such frames lie in quarantine'),
        tls: z
          .strictObject({
            certificateFile: path.describe('certificate that terminals see, PEM'),
            keyFile: path.describe('its key, PEM'),
            deviceAuthorityFile: path.describe('PEM of the authority that signs device certificates'),
          })
          .optional()
          .describe(
            'with it only registered devices connect, by certificate; without it terminals are known by source and ICCID, and what they send is readable on its way',
          ),
      })
      .optional()
      .describe('GB/T 32960.3, of 2016 and of 2025, from vehicles'),
    forward: z
      .array(ForwardConfig)
      .max(DESTINATIONS_MAX)
      .optional()
      .describe('platforms in the mainland that frames of GB/T 32960 are forwarded to, by the role of a platform'),
  })
  .describe('terminals of national standards (docs/terminals.md); needs `zones.custodian`, since they send positions');
