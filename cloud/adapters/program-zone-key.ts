import { execFileSync } from 'node:child_process';
import { createHash, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Zone } from '../../proto/words/data-class.ts';
import { rawPublicKey } from '../zones/envelope.ts';

const KEY_BYTES = 32;
const ANSWER_BYTES_MAX = 4_096;
const EXECUTABLE_BYTES_MAX = 268_435_456;
const TIME_LIMIT_MS_MAX = 60_000;
const DESCRIPTION_BYTES_MAX = 65_536;

/** `<zone>.program.json`: the program that holds the private half of a zone's key; docs/zones.md. */
const Description = z.strictObject({
  executable: z.string().startsWith('/').max(1_024),
  arguments: z.array(z.string().max(1_024)).max(32),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  timeLimitMs: z.int().min(1).max(TIME_LIMIT_MS_MAX),
});
type Description = z.output<typeof Description>;

const Answer = z.strictObject({ sharedSecret: z.base64().length(44) });

/**
 * The private half of a zone's key in a program of the operator's: a token, a key management service, whatever it asks. It is
 * run for each agreement, which is one an hour of what is read: without a shell, with the arguments it was given, an empty
 * environment and `/` as its directory. It gets one line of JSON and answers one.
 *
 * @param file - description of the program
 * @returns X25519 of the private half with another's public key; throws when the program is another one, is late, fails or
 *   answers anything else
 * @throws Error when the description is no good, or the program holds another key than `publicKey`
 */
export function programZoneKey(file: string, zone: Zone, publicKey: KeyObject): (theirs: KeyObject) => Uint8Array {
  if (statSync(file).size > DESCRIPTION_BYTES_MAX) throw new Error(`the program of zone ${zone} is not described`);
  const described = Description.safeParse(parsed(readFileSync(file, 'utf8')));
  if (!described.success) throw new Error(`the program of zone ${zone} is not described as docs/zones.md says`);
  const agree = (theirs: KeyObject): Uint8Array => ask(described.data, zone, theirs);
  const own = generateKeyPairSync('x25519');
  const expected = diffieHellman({ privateKey: own.privateKey, publicKey });
  if (!expected.equals(agree(own.publicKey)))
    throw new Error(`the program of zone ${zone} and \`${zone}.pub\` are not a pair`);
  return agree;
}

function ask(program: Description, zone: Zone, theirs: KeyObject): Uint8Array {
  const { executable, sha256, timeLimitMs } = program;
  const isOther = statSync(executable).size > EXECUTABLE_BYTES_MAX || hashOf(executable) !== sha256;
  if (isOther) throw new Error(`the program of zone ${zone} is not the one that was described`);
  const answer = run(program, `${JSON.stringify({ zone, publicKey: rawPublicKey(theirs).toString('base64') })}\n`);
  const read = Answer.safeParse(answer === undefined ? undefined : parsed(answer));
  if (!read.success) throw new Error(`the program of zone ${zone} gave no key within ${timeLimitMs} ms`);
  const secret = Buffer.from(read.data.sharedSecret, 'base64');
  // All zeros is what a point of low order gives, whatever the key.
  if (secret.length !== KEY_BYTES || secret.every((byte) => byte === 0))
    throw new Error(`the program of zone ${zone} gave no key`);
  return secret;
}

/** What it wrote, or undefined; nothing of why goes on, since its words may hold what nobody should read. */
function run({ executable, arguments: args, timeLimitMs }: Description, input: string): string | undefined {
  try {
    return execFileSync(executable, args, {
      ...{ input, cwd: '/', env: {}, shell: false, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] },
      ...{ timeout: timeLimitMs, killSignal: 'SIGKILL', maxBuffer: ANSWER_BYTES_MAX },
    });
  } catch {
    return undefined;
  }
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
