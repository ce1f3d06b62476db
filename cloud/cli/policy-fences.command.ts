import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  DECOYS_MIN,
  decodeFenceSet,
  decodeSignedFenceSet,
  encodeFenceSet,
  encodeSignedFenceSet,
  FENCES_MAX,
  type FenceSet,
} from '../../proto/codec/fence-codec.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { instantText } from '../../proto/config/instant-text.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { type Instant, toIso } from '../../proto/words/time.ts';
import { type DecoyFault, drawDecoys } from '../fences/draw-decoys.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { parseAreas, parsePlaces } from './fence-files.ts';

export interface FencesSignArgs {
  /** YAML, docs/fences.md. */
  readonly file: string;
  /** PEM of the operator's Ed25519 policy key. */
  readonly keyFile: string;
  readonly out: string;
  readonly json?: boolean;
}

type FencesIo = Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'>;

export interface FencesSignIo extends FencesIo {
  readonly write: (path: string, bytes: Uint8Array) => void;
}

const DECOYS_MAX = 64;
const SECRET_BYTES_MIN = 32;

const path = z.string().min(1).max(1_024);

/** What the operator writes. The files it names stay with the operator: only what is signed goes to vehicles. */
export const FencesFile = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  version: z.int().min(1).max(4_294_967_295),
  notBefore: instantText,
  expiresAt: instantText,
  decoysPerFence: z.int().min(DECOYS_MIN).max(DECOYS_MAX),
  areasFile: path,
  placesFile: path,
  secretFile: path,
});

/** `tongguan policy fences sign FILE --key FILE --out FILE`: areas hidden among decoys, signed. Returns 0, 1, or 2 for the file. */
export function fencesSignCommand(args: FencesSignArgs, io: FencesSignIo): ExitStatus {
  const loaded = readConfig(FencesFile, args.file, 'policy', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('policy', fault));
    return EXIT.usage;
  }
  const { config, path: resolve } = loaded.value;
  try {
    const secret = readFileSync(resolve(config.secretFile));
    if (secret.length < SECRET_BYTES_MIN) return refuse(io, `fewer than ${SECRET_BYTES_MIN} bytes in secretFile`);
    const fences = parseAreas(readFileSync(resolve(config.areasFile), 'utf8'));
    const places = parsePlaces(readFileSync(resolve(config.placesFile), 'utf8'));
    const drawn = drawDecoys({ fences, places, decoysPerFence: config.decoysPerFence, secret });
    if (!drawn.ok) return refuse(io, wordsOf(drawn.fault));
    const { id, version, decoysPerFence } = config;
    const [notBeforeMs, expiresAtMs] = [Date.parse(config.notBefore), Date.parse(config.expiresAt)];
    const set = encodeFenceSet({ id, version, notBeforeMs, expiresAtMs, decoysPerFence, fences: drawn.value });
    const signature = sign(null, signedBytes('fences', set), createPrivateKey(readFileSync(args.keyFile)));
    io.write(args.out, encodeSignedFenceSet({ set, signature }));
    const said = { out: args.out, id, version, polygons: drawn.value.length };
    io.out(
      args.json === true ? JSON.stringify(said) : `${said.out}: ${id} version ${version}, ${said.polygons} polygons`,
    );
    return EXIT.done;
  } catch (cause) {
    return refuse(io, causeText(cause));
  }
}

/** `tongguan policy fences check FILE --key FILE`: what a vehicle would make of a signed set. Returns 0, or 1 with the reason. */
export function fencesCheckCommand(
  args: { readonly file: string; readonly keyFile: string; readonly json?: boolean },
  io: FencesIo,
): ExitStatus {
  try {
    const set = openSet(readFileSync(args.file), createPublicKey(readFileSync(args.keyFile)));
    if (typeof set === 'string') return refuse(io, set);
    const { id, version, decoysPerFence, fences, notBeforeMs, expiresAtMs } = set;
    if (decoysPerFence < DECOYS_MIN || fences.length % (decoysPerFence + 1) !== 0) return refuse(io, 'too few decoys');
    const [notBefore, expiresAt] = [toIso(notBeforeMs as Instant), toIso(expiresAtMs as Instant)];
    const said = { id, version, polygons: fences.length, decoysPerFence, notBefore, expiresAt };
    const text = `${id} version ${version}, ${said.polygons} polygons, ${decoysPerFence} decoys a fence, ${notBefore} to ${expiresAt}`;
    io.out(args.json === true ? JSON.stringify(said) : text);
    if (io.clock.now() >= expiresAtMs) return refuse(io, 'it has expired');
    return EXIT.done;
  } catch (cause) {
    return refuse(io, causeText(cause));
  }
}

function openSet(bytes: Uint8Array, key: KeyObject): FenceSet | string {
  const signed = decodeSignedFenceSet(bytes);
  if (!signed.ok) return 'it is no signed fence set';
  if (!verify(null, signedBytes('fences', signed.value.set), key, signed.value.signature))
    return 'the signature is not of this key';
  const set = decodeFenceSet(signed.value.set);
  return set.ok ? set.value : 'what is signed is no fence set';
}

function wordsOf(fault: DecoyFault): string {
  switch (fault.code) {
    case 'too-few-decoys':
      return `decoysPerFence is below ${DECOYS_MIN}`;
    case 'too-many-polygons':
      return `fences and decoys are more than ${FENCES_MAX} polygons`;
    case 'fence-too-wide':
      return 'an area, or several near each other, are wider than a disc of 20 km';
    case 'no-room':
      return `${fault.missing} decoy(s) found no place that lies apart: name more places, farther apart`;
  }
}

function refuse(io: FencesIo, cause: string): ExitStatus {
  io.err(renderFault('policy', notSigned(cause)));
  return EXIT.fault;
}

function notSigned(cause: string): Fault<'FENCES_REFUSED'> {
  return {
    code: 'FENCES_REFUSED',
    problem: bilingual(`the fence set is refused: ${cause}`, `围栏集被拒绝：${cause}`),
    remedy: bilingual('docs/fences.md says what the files hold', '文件格式见 docs/fences.md'),
    retry: 'after-remedy',
  };
}
