import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { PERSON_ROLES } from '../ports/person-links.ts';
import { type PersonBooks, recordPersons } from '../registers/record-persons.ts';
import { type ApiRoute, apiRoute, outcomeOf } from './route.ts';

const LINKS_BYTES_MAX = 1_048_576;
/** Links of one request; the command sends as many requests as it takes. */
const LINKS_MAX = 5_000;

const Digest = z.string().regex(/^[0-9a-f]{32}$/);
const Account = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const Links = z.strictObject({
  links: z
    .array(z.strictObject({ vehicle: Digest, person: Digest, role: z.enum(PERSON_ROLES) }))
    .min(1)
    .max(LINKS_MAX),
});

/** `POST /persons`: links as keyed digests, so that neither a VIN nor a pseudonym comes through a door. */
export function personRoutes(books: PersonBooks): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'POST',
      path: '/persons',
      summary: 'link persons to vehicles, both as keyed digests',
      body: Links,
      by: { key: 'by', in: 'body', form: Account },
      bytesMax: LINKS_BYTES_MAX,
      invalid: linksInvalid,
      answer: ({ body, by }) => {
        const links = body.links.map(({ vehicle, person, role }) => ({
          vehicle: Buffer.from(vehicle, 'hex'),
          person: Buffer.from(person, 'hex'),
          role,
        }));
        return outcomeOf(recordPersons(links, by, books));
      },
    }),
  ];
}

function linksInvalid(): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual('the links are not valid', '关联记录无效'),
    remedy: bilingual('use `tongguan register person import`', '请使用 `tongguan register person import`'),
    retry: 'after-remedy',
  };
}
