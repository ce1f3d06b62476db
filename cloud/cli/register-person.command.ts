import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../proto/config/read-config.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { parseVin } from '../../proto/words/vin.ts';
import { CloudConfig } from '../config/config.ts';
import { linkedPersonDigest, personDigest } from '../partition/recipient-tag.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import type { RegisterArgs, RegisterIo } from './register.command.ts';
import type { Patience } from './until-decided.ts';

const VEHICLES_MAX = 1_000_000;
const PERSONS_OF_VEHICLE_MAX = 64;
/** Links of one request to the cloud. */
const LINKS_OF_REQUEST = 2_500;

const List = z
  .array(
    z.strictObject({
      vinFile: z.string().min(1).max(1_024),
      persons: z
        .array(z.strictObject({ pseudonym: z.string().min(1).max(256), role: z.enum(['owner', 'driver']) }))
        .min(1)
        .max(PERSONS_OF_VEHICLE_MAX),
    }),
  )
  .max(VEHICLES_MAX);

interface Link {
  readonly vehicle: string;
  readonly person: string;
  readonly role: 'owner' | 'driver';
}

/**
 * `tongguan register person import FILE --by NAME`: natural persons behind vehicles. Digests are made here, with the key of
 * the processor: neither VIN nor pseudonym goes to the cloud, to its log or to a store.
 *
 * @returns 0 all linked, 1 a fault (what was sent before it stands), 2 the file or the configuration is wrong
 */
export async function registerPersonCommand(
  args: RegisterArgs & { readonly file: string; readonly by: string },
  io: RegisterIo & Pick<Patience, 'note'>,
): Promise<ExitStatus> {
  const tell = (fault: Fault): void => io.err(renderFault('register', fault, args.language));
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    loaded.fault.forEach(tell);
    return EXIT.usage;
  }
  const { config, path } = loaded.value;
  const links = readLinks(args.file, path(config.pseudonyms.keyFile));
  if (!links.ok) {
    tell(links.fault);
    return EXIT.usage;
  }
  for (let from = 0; from < links.value.length; from += LINKS_OF_REQUEST) {
    io.note({ step: 'linking', share: from / links.value.length });
    const body = { by: args.by, links: links.value.slice(from, from + LINKS_OF_REQUEST) };
    try {
      const answer = await io.ask(path(config.api.socket), 'POST', '/v1/persons', body);
      if (answer.status !== 200) {
        tell(answer.body['fault'] as Fault);
        return EXIT.fault;
      }
    } catch (cause) {
      tell(listFault(`the cloud does not answer on \`api.socket\`: ${causeText(cause)}`));
      return EXIT.fault;
    }
  }
  const vehicles = new Set(links.value.map(({ vehicle }) => vehicle)).size;
  const persons = new Set(links.value.map(({ person }) => person)).size;
  io.out(args.json ? JSON.stringify({ vehicles, persons }) : `${persons} person(s) behind ${vehicles} vehicle(s)`);
  return EXIT.done;
}

/** Nothing of a file is repeated: it is named by the place of its entry. */
function readLinks(file: string, keyFile: string): Result<readonly Link[], Fault> {
  try {
    const parsed = List.safeParse(parse(readFileSync(file, 'utf8'), { maxAliasCount: 0, logLevel: 'silent' }));
    if (!parsed.success) return fail(listFault('it is no list of {vinFile, persons: [{pseudonym, role}]}'));
    const key = readFileSync(keyFile);
    const links: Link[] = [];
    for (const [index, { vinFile, persons }] of parsed.data.entries()) {
      const vin = parseVin(readFileSync(resolve(dirname(file), vinFile), 'utf8').trim());
      if (!vin.ok) return fail(listFault(`entry ${index + 1} holds no valid VIN: ${vin.fault.code}`));
      const vehicle = hex(personDigest(key, vin.value));
      for (const { pseudonym, role } of persons) {
        links.push({ vehicle, person: hex(linkedPersonDigest(key, pseudonym)), role });
      }
    }
    return ok(links);
  } catch (cause) {
    // A message of the parser could repeat a line.
    return fail(listFault(cause instanceof Error && 'code' in cause && 'syscall' in cause ? causeText(cause) : 'YAML'));
  }
}

const hex = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');

function listFault(cause: string): Fault<'PERSON_LIST'> {
  return {
    code: 'PERSON_LIST',
    problem: bilingual(`the persons cannot be linked: ${cause}`, `无法关联人员：${cause}`),
    remedy: bilingual(
      'write a list of {vinFile, persons: [{pseudonym, role: owner | driver}]}; links that were made stand',
      '请提供 {vinFile, persons: [{pseudonym, role: owner | driver}]} 列表；已建立的关联仍有效',
    ),
    retry: 'after-remedy',
  };
}
