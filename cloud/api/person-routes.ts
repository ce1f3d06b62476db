import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { PERSON_ROLES } from '../ports/person-links.ts';
import { type PersonBooks, recordPersons } from '../registers/record-persons.ts';

const LINKS_BYTES_MAX = 1_048_576;
/** Links of one request; the command sends as many requests as it takes. */
const LINKS_MAX = 5_000;

const Digest = z.string().regex(/^[0-9a-f]{32}$/);
const Links = z.strictObject({
  by: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  links: z
    .array(z.strictObject({ vehicle: Digest, person: Digest, role: z.enum(PERSON_ROLES) }))
    .min(1)
    .max(LINKS_MAX),
});

/** `POST /v1/persons`: links as keyed digests, so that neither a VIN nor a pseudonym comes over the socket. */
export function servePersons(server: FastifyInstance, books: PersonBooks): void {
  server.post('/v1/persons', { bodyLimit: LINKS_BYTES_MAX }, ({ body }, reply) => {
    const asked = Links.safeParse(body);
    if (!asked.success) return reply.code(400).send({ fault: linksInvalid() });
    const links = asked.data.links.map(({ vehicle, person, role }) => ({
      vehicle: Buffer.from(vehicle, 'hex'),
      person: Buffer.from(person, 'hex'),
      role,
    }));
    const recorded = recordPersons(links, asked.data.by, books);
    return recorded.ok ? reply.send(recorded.value) : reply.code(409).send({ fault: recorded.fault });
  });
}

function linksInvalid(): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual('the links are not valid', '关联记录无效'),
    remedy: bilingual('use `tongguan register person import`', '请使用 `tongguan register person import`'),
    retry: 'after-remedy',
  };
}
