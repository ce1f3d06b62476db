import { z } from 'zod';
import { parseInstant } from '../proto/words/time.ts';

const path = z.string().min(1).max(1_024);

/** As the kernel names them; what begins with a dash would be an option of the program. */
const INTERFACE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;

/** Sources one vehicle may have at a time. */
export const SOURCES_MAX = 16;

const bus = {
  dbcFile: path.describe('DBC file of the bus'),
  mappingFile: path,
  intervalMs: z
    .int()
    .min(10)
    .max(3_600_000)
    .default(1_000)
    .describe('one frame of signals in this time, with one value a path'),
};

const name = z.string().min(1).max(64);

const camera = {
  camera: name.describe('name of the camera whose pictures these are'),
  place: z.enum(['exterior', 'cabin']).describe('what that camera looks at'),
};

export const writers = z
  .enum(['owner', 'group'])
  .default('owner')
  .describe("who may write to the socket: the agent's own user, or its group");

const watched = {
  path: path.describe('socket the agent listens on, or directory it watches'),
  after: z.enum(['delete', 'leave']).describe('what becomes of a file that was read'),
  pollMs: z.int().min(10).max(60_000).default(200).describe('pause between two looks into the directory'),
};

const pace = z
  .number()
  .min(0.01)
  .max(100_000)
  .optional()
  .describe(
    'how many times as fast as it was recorded a log is read; as fast as the agent takes it, when it is left out',
  );

/** Where raw frames come from, by `kind`; each is explained in docs/sources.md. */
export const SourceConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('unix-socket'),
    path: path.describe('socket the agent listens on, or directory it watches'),
    writers,
  }),
  z.strictObject({ kind: z.literal('stdin') }),
  z.strictObject({
    kind: z.literal('candump-file'),
    file: path.describe('log or trace to read from its beginning to its end; gzip when the name ends in `.gz`'),
    ...bus,
    pace,
    interface: z.string().regex(INTERFACE).optional(),
    startAt: z
      .string()
      .max(40)
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/)
      .refine((text) => parseInstant(text).ok, 'expected a moment that exists, RFC 3339')
      .optional()
      .describe('when the log began, RFC 3339 with an offset; for logs that count from zero'),
  }),
  z.strictObject({
    kind: z.literal('socketcan'),
    interface: z.string().regex(INTERFACE),
    program: path.default('candump').describe('candump of can-utils'),
    ...bus,
  }),
  z.strictObject({ kind: z.literal('image-directory'), ...watched, ...camera }),
  z.strictObject({ kind: z.literal('image-socket'), path, writers, ...camera }),
  z.strictObject({
    kind: z.literal('point-cloud-directory'),
    ...watched,
    sensor: name.describe('name of the sensor whose clouds these are'),
    frame: z
      .enum(['sensor', 'georeferenced'])
      .describe('what the points are relative to; a file that holds places is taken for `georeferenced` all the same'),
  }),
  z.strictObject({
    kind: z.literal('mqtt'),
    url: z
      .string()
      .max(1_024)
      .regex(
        /^(?:mqtt:\/\/(?:localhost|127\.0\.0\.1|\[::1\])|mqtts:\/\/[^/\s@]+):\d+$/,
        'expected `mqtts://host:port`, or `mqtt://` on this machine',
      )
      .describe('broker on the vehicle'),
    topics: z.array(z.string().min(1).max(256)).min(1).max(32).describe('topic filters; each message is a raw frame'),
    clientId: name.describe('name of the session that the broker keeps for this agent'),
    username: name.optional(),
    passwordFile: path.optional().describe('file with the password, one line'),
    authorityFile: path.optional().describe('PEM of the authority that signed the certificate of the server'),
    certificateFile: path.optional().describe('PEM of a client certificate'),
    keyFile: path.optional().describe('PEM of its key'),
  }),
  z.strictObject({
    kind: z.literal('kuksa'),
    databroker: z
      .string()
      .max(1_024)
      .regex(
        /^(?:http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])|https:\/\/[^/\s@]+):\d+$/,
        'expected `https://host:port`, or `http://` on this machine',
      )
      .describe('databroker on the vehicle'),
    paths: z
      .array(
        z
          .string()
          .regex(/^Vehicle(?:\.[A-Z0-9][A-Za-z0-9_]*)+$/, 'expected a VSS path such as `Vehicle.Speed`')
          .max(128),
      )
      .min(1)
      .max(1_024)
      .describe('signals to subscribe to, by VSS path'),
    intervalMs: bus.intervalMs,
    tokenFile: path.optional().describe('file with the JSON web token that the databroker asks for'),
    authorityFile: path.optional().describe('PEM of the authority that signed the certificate of the server'),
    certificateFile: path.optional().describe('PEM of a client certificate'),
    keyFile: path.optional().describe('PEM of its key'),
  }),
  z.strictObject({
    kind: z.literal('trace-file'),
    file: path.describe('log to read from its beginning to its end; gzip when the name ends in `.gz`'),
    pace,
    vehicle: name.optional().describe('which vehicle of a trace that holds several'),
  }),
]);

export type SourceConfig = z.infer<typeof SourceConfig>;
