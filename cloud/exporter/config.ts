import { isAbsolute, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { FAULT_ROWS } from './faults.table.ts';

/** A path; a relative one is taken from the directory of the configuration file. */
export const Path = z.string().min(1).max(4096);

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');

/** An https URL in the form in which permits name it, character for character. */
const Endpoint = z
  .string()
  .max(256)
  .refine(isPlainHttps, 'expected `https://host:port/path` without user, query, fragment or final slash');

/** Milliseconds. */
const Patience = z.int().min(100).max(600_000);

/**
 * `exporter.yaml`. Nothing that lets data out has a default: border, keys, log and recipients must be named. Limits and
 * pauses have defaults, which hold back and never let through.
 */
export const ExporterConfigSchema = z.strictObject({
  border: z.strictObject({ outbox: Path, returns: Path }),
  /** The traffic log; it must already exist. `signingKeyFile` holds an Ed25519 private key, PEM PKCS #8. */
  log: z.strictObject({ directory: Path, origin: z.string().min(1).max(128), signingKeyFile: Path }),
  /** Ed25519 public key of the cloud, PEM SubjectPublicKeyInfo. */
  permit: z.strictObject({
    publicKeyFile: Path,
    handoverFile: Path.optional().describe(
      'signature by which the permit key of before handed over to this one (docs/exporter.md)',
    ),
  }),
  /** Every connection is recorded, or there is none. The directory must exist; the private half of the key belongs elsewhere. */
  capture: z.strictObject({
    directory: Path,
    /** X25519 public key, PEM SubjectPublicKeyInfo: captures are sealed to it. */
    publicKeyFile: Path,
    /** Of all captures that are kept; when it is used up nothing is sent. */
    bytesMax: z.int().min(1_048_576).max(1_125_899_906_842_624),
    segmentBytes: z.int().min(65_536).max(1_073_741_824).default(67_108_864),
    /** Longest time that one write may take. */
    lateMs: z.int().min(10).max(60_000).default(5_000),
    /** 1: every connection is kept as long as samples are; n: about one in n, the others for the full period only. */
    sampleEvery: z.int().min(1).max(1_000).default(1),
  }),
  /** The exporter's own client certificate and its key, PEM. */
  tls: z.strictObject({ certificateFile: Path, keyFile: Path }),
  recipients: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected a recipient id of the register'),
        endpoint: Endpoint,
        /** Of the recipient's TLS certificate in DER. */
        certificateSha256: Sha256,
        /**
         * The key of the permit is held against this one: SHA-256 of the recipient's encryption key (SPKI, DER), or `none` for parcels
         * that are not sealed. Left out, any key will do, and `none` will not.
         */
        sealedTo: z.union([z.literal('none'), Sha256]).optional(),
        /** `pull`: the exporter makes no connection; the recipient fetches from `pull.listen`. */
        delivery: z.enum(['push', 'pull']).default('push'),
        /** Who issued that certificate, PEM; for a self-signed certificate, the certificate itself. */
        authorityFile: Path,
      }),
    )
    .max(1000)
    .refine((all) => new Set(all.map((one) => one.id)).size === all.length, 'a recipient id stands twice'),
  /** Where recipients with `delivery: pull` fetch their parcels; without it there is no listener at all. */
  pull: z
    .strictObject({
      listen: z.strictObject({ host: z.string().min(1).max(255), port: z.int().min(0).max(65_535) }),
      /** Shown to recipients, PEM; the key is EC P-256. */
      certificateFile: Path,
      keyFile: Path,
      /** Who issued the recipients' certificates, PEM; each is pinned besides. */
      clientAuthorityFile: Path,
      connectionsMax: z.int().min(1).max(256).default(16),
      connectionsPerRecipientMax: z.int().min(1).max(16).default(2),
      /** Each one leaves an entry and a capture, whoever makes it. */
      connectionsPerMinuteMax: z.int().min(1).max(10_000).default(60),
      requestsPerMinuteMax: z.int().min(1).max(10_000).default(240),
      /** Longest times of one connection: nobody who drips, or says nothing, holds a place for long. */
      patience: z
        .strictObject({
          /** From TCP to the end of the handshake, whatever comes in between. */
          handshakeMs: Patience.default(10_000),
          /** For the line and all headers of a request, also of the first. */
          headersMs: Patience.default(10_000),
          /** For a whole request, its body included. */
          requestMs: Patience.default(20_000),
          /** Between an answer and the next request. */
          idleMs: Patience.default(15_000),
          /** In which a reader takes nothing of an answer. */
          stalledMs: Patience.default(60_000),
        })
        .prefault({}),
    })
    .optional(),
  limits: z
    .strictObject({
      filesMax: z.int().min(1).max(1024).default(64),
      parcelBytesMax: z.int().min(1).max(17_179_869_184).default(4_294_967_296),
      transfersAtOnceMax: z.int().min(1).max(16).default(4),
    })
    .prefault({}),
  retry: z
    .strictObject({
      /** Attempts before a transfer is reported as failed; later rounds follow until the permit expires. */
      attemptsPerRound: z.int().min(1).max(20).default(5),
      pauseMs: z.int().min(10).max(60_000).default(500),
      pauseMsMax: z.int().min(10).max(600_000).default(30_000),
      /** Between two rounds. */
      roundPauseMs: z.int().min(10).max(86_400_000).default(300_000),
    })
    .prefault({}),
  /** Longest times of a recipient that is sent to; the transfer is then tried again, and goes on from what has arrived. */
  patience: z
    .strictObject({
      /** For TCP and TLS together. */
      connectMs: Patience.default(10_000),
      /** Until an answer begins, and again until all of it is there; a complete parcel is hashed within it. */
      answerMs: Patience.default(120_000),
      /** For taking one piece of a file, some hundred kilobytes: who takes less holds up others. */
      pieceMs: Patience.default(60_000),
    })
    .prefault({}),
  pollMs: z.int().min(20).max(60_000).default(500),
});

export type ExporterConfig = z.infer<typeof ExporterConfigSchema>;
export type RecipientConfig = ExporterConfig['recipients'][number];
export type ConfigFault = Fault<'CONFIG_INVALID'>;

export const CONFIG_BYTES_MAX = 1_048_576;

export function parseExporterConfig(path: string, yaml: string): Result<ExporterConfig, readonly ConfigFault[]> {
  return parseYaml(path, yaml, ExporterConfigSchema);
}

/** Parses YAML against a schema; one fault a mistake, all at once. */
export function parseYaml<T>(source: string, yaml: string, schema: z.ZodType<T>): Result<T, readonly ConfigFault[]> {
  if (yaml.length > CONFIG_BYTES_MAX) return fail([configInvalid(source, '(root)', `over ${CONFIG_BYTES_MAX} bytes`)]);
  let json: unknown;
  try {
    json = parse(yaml, { maxAliasCount: 0 });
  } catch (cause) {
    return fail([configInvalid(source, '(root)', causeText(cause))]);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  return fail(
    parsed.error.issues.map(({ path, message }) => configInvalid(source, path.join('.') || '(root)', message)),
  );
}

/** Takes a path of the configuration from the directory that `configDirectory` names. */
export function resolvePath(configDirectory: string, path: string): string {
  return isAbsolute(path) ? path : resolve(configDirectory, path);
}

/** @param mistake - in the words of the parser, which speaks English only */
function configInvalid(source: string, key: string, mistake: string): ConfigFault {
  const [, , remedyEn, remedyZh, retry] = FAULT_ROWS.CONFIG_INVALID;
  const problem = bilingual(`${source}: \`${key}\`: ${mistake}`, `${source}：配置项 \`${key}\` 有误：${mistake}`);
  return { code: 'CONFIG_INVALID', problem, remedy: bilingual(remedyEn, remedyZh), retry };
}

function isPlainHttps(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash, href } = new URL(text);
  const isPlain = [username, password, search, hash].every((part) => part === '');
  return protocol === 'https:' && isPlain && (href === text || href === `${text}/`) && !text.endsWith('/');
}
