import { createPublicKey, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { tagRotationName } from '../proto/codec/control-codec.ts';
import { EXIT, type RoleSurroundings } from '../proto/config/role.ts';
import { writeWhole } from '../proto/config/write-whole.ts';
import { bilingual, causeText, type Fault, renderFault } from '../proto/words/fault.ts';
import type { RawFrame } from '../proto/words/raw-frame.ts';
import { fail, type Result } from '../proto/words/result.ts';
import type { Vin } from '../proto/words/vin.ts';
import { sqlitePlaces } from './adapters/sqlite-places.ts';
import { openAgentDatabase } from './adapters/sqlite-state.ts';
import { sqliteTrips } from './adapters/sqlite-trips.ts';
import { placeMargins, subjectTags } from './adapters/vehicle-secret.ts';
import { type ActivePolicy, acceptPolicy } from './policy/policy-bundle.ts';
import { previewPage } from './preview/page.ts';
import { PREVIEW_FRAMES_MAX, type Preview, preview } from './preview/preview.ts';
import { previewTable } from './preview/table.ts';
import { readFrames } from './sources/ndjson-source.ts';
import { stagesFor } from './stages/pipeline.ts';
import { positionRulesOf } from './stages/position-words.ts';

export interface PreviewArgs {
  /** A file of raw frames, one JSON object a line, or `-` for standard input. */
  readonly source: string;
  readonly policyFile: string;
  readonly keyFile: string;
  readonly htmlFile?: string | undefined;
  readonly json: boolean;
}

/**
 * `tongguan preview`: what a vehicle knows beside what would leave it under a policy. Nothing is sent, signed or kept; tags and
 * margins are drawn for the occasion, and pictures are shown as removed, since their treatment needs decoders.
 *
 * @returns exit status: 0 done, 1 a fault, 2 a policy or a file that is wrong
 */
export async function runPreview(args: PreviewArgs, around: RoleSurroundings): Promise<number> {
  const read = readPolicy(args, around);
  if (!read.ok) {
    around.err(renderFault('preview', read.fault));
    return EXIT.usage;
  }
  try {
    const stream = args.source === '-' ? around.stdin : createReadStream(args.source);
    const { frames, malformed } = await collect(stream);
    const made = previewOf(frames, read.value, around);
    if (frames.length === 0 && malformed > 0) {
      around.err(renderFault('preview', withoutFrames(malformed)));
      return EXIT.usage;
    }
    if (args.htmlFile !== undefined) {
      const title = `preview under policy ${read.value.id}, version ${read.value.version}`;
      writeWhole(args.htmlFile, previewPage(made, title), 0o600);
    }
    if (args.json) around.out(JSON.stringify({ policy: policyOf(read.value), malformed, ...made }, asText));
    else for (const line of previewTable(made)) around.out(line);
    if (malformed > 0) around.err(`preview: ${malformed} line(s) were no frames`);
    return EXIT.done;
  } catch (cause) {
    around.err(renderFault('preview', unreadable(causeText(cause))));
    return EXIT.usage;
  }
}

const policyOf = ({ id, version, preset }: ActivePolicy) => ({ id, version, preset });

/** Tags and pictures are bytes: in hexadecimal, and a picture by its length. */
function asText(_key: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return value.length <= TAG_BYTES_MAX ? Buffer.from(value).toString('hex') : `${value.length} bytes`;
}

const TAG_BYTES_MAX = 64;

function readPolicy({ policyFile, keyFile }: PreviewArgs, { clock }: RoleSurroundings): Result<ActivePolicy, Fault> {
  try {
    return acceptPolicy(readFileSync(policyFile), createPublicKey(readFileSync(keyFile)), clock.now(), undefined);
  } catch (cause) {
    return fail(unreadable(causeText(cause)));
  }
}

function previewOf(frames: readonly RawFrame[], policy: ActivePolicy, { chance }: RoleSurroundings): Preview {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-preview-'));
  const database = openAgentDatabase(join(directory, 'agent.sqlite'));
  try {
    const secret = randomBytes(32);
    const { cellTag } = positionRulesOf(policy);
    const stages = stagesFor(policy, {
      tagAt: subjectTags(secret, NOBODY, tagRotationName(policy.tagRotation)),
      cellTagAt: subjectTags(secret, NOBODY, cellTag, cellTag === 'trip' ? 'cell' : 'subject'),
      places: sqlitePlaces(database, placeMargins(secret)),
      trips: sqliteTrips(database),
      chance,
    });
    return preview(frames, stages, policy);
  } finally {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Tags of a preview are of nobody. */
const NOBODY = 'PREVIEW0000000000' as Vin;

interface Collected {
  readonly frames: readonly RawFrame[];
  readonly malformed: number;
}

function collect(stream: Readable): Promise<Collected> {
  const frames: RawFrame[] = [];
  let malformed = 0;
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    readFrames(stream, {
      onFrame: (frame) => {
        if (frames.length < PREVIEW_FRAMES_MAX) frames.push(frame);
      },
      onMalformed: () => {
        malformed += 1;
      },
      onRemoved: () => undefined,
      onFault: () => undefined,
      onEnd: () => resolve({ frames, malformed }),
    });
  });
}

/** Whoever sees an empty table takes it for a good sign. */
function withoutFrames(malformed: number): Fault<'PREVIEW_WITHOUT_FRAMES'> {
  return {
    code: 'PREVIEW_WITHOUT_FRAMES',
    problem: bilingual(`none of ${malformed} line(s) is a raw frame`, `${malformed} 行中没有一行是原始帧`),
    remedy: bilingual(
      'write frames as in docs/raw-frames.md; of lines of `tongguan sim`, which name their vehicle, take out `"vehicle":"...",`',
      '请按 docs/raw-frames.md 书写；`tongguan sim` 的每一行写有车辆名，请去掉 `"vehicle":"...",`',
    ),
    retry: 'after-remedy',
  };
}

function unreadable(cause: string): Fault<'FILE_UNREADABLE'> {
  return {
    code: 'FILE_UNREADABLE',
    problem: bilingual(`a file of the preview cannot be used: ${cause}`, `无法使用预览所需的文件：${cause}`),
    remedy: bilingual(
      'check `--source`, `--policy`, `--key` and `--html`: paths, content and rights',
      '请检查 `--source`、`--policy`、`--key` 与 `--html` 的路径、内容与权限',
    ),
    retry: 'after-remedy',
  };
}
