import type { z } from 'zod';
import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { OpenSession } from '../accounts/sessions.ts';

/** What a route answers: an object as JSON, or a file. */
export type ApiAnswer = JsonAnswer | FileAnswer;

export interface JsonAnswer {
  readonly status: number;
  readonly body: object;
  readonly file?: never;
  /** The session that the browser goes on with; null ends the one it has. Only HTTP has sessions. */
  readonly session?: OpenSession | null;
  /** Where the browser goes, and what it shows on its return from there. */
  readonly location?: string;
  readonly pending?: string | null;
}

export interface FileAnswer {
  readonly status: 200;
  /** Held in memory, or a file that is there; of the latter ranges can be asked for over HTTP. */
  readonly file: { readonly type: string; readonly name: string } & (
    | { readonly content: string | Uint8Array; readonly path?: never }
    | { readonly path: string; readonly content?: never }
  );
  readonly body?: never;
  readonly session?: never;
  readonly location?: never;
  readonly pending?: never;
}

/** A question as it came in: nothing of it is checked yet, but for who asks. */
export interface RawAsk {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The account that asks, where the route has to know. */
  readonly by: string;
  /** Whether it was shown that they are who they say: by a session, or by a signature. */
  readonly isProved?: boolean | undefined;
  /** Of whoever is logged in, over HTTP. */
  readonly session?: OpenSession | undefined;
  /** Value of the session cookie, whatever it is. */
  readonly token?: string | undefined;
  /** Of a login that is under way at the identity provider. */
  readonly pending?: string | undefined;
}

/**
 * One thing that can be asked of the running cloud, whichever door it comes through: the Unix socket under `/v1` or HTTP under
 * `/api/v1`. Both ask `respond`.
 */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without the prefix of the door: `/transfers/:id`. */
  readonly path: string;
  /** One line for the API's description. */
  readonly summary: string;
  readonly forms: Forms;
  /**
   * Where a question over the socket names who asks. Over HTTP it is who is logged in, and the key has no place in the question.
   */
  readonly by?: Asker;
  /**
   * The word of one person among several who are wanted: over the socket, where anybody could name anybody, it is signed;
   * `with-keys`: as soon as the authority matrix has a key, or there is an account.
   */
  readonly isSigned?: true | 'with-keys';
  /** Largest body, bytes; the door's own limit where it is left out. */
  readonly bytesMax?: number;
  /** The body is a file and no JSON. */
  readonly takesFile?: true;
  readonly respond: (ask: RawAsk) => ApiAnswer | Promise<ApiAnswer>;
  /** What is said of a question that is not valid. @param key - the first key that is wrong */
  readonly invalid: (key: string) => Fault;
}

export interface Asker {
  readonly key: 'by' | 'requestedBy';
  readonly in: 'body' | 'query';
  readonly form: z.ZodType<string>;
}

/** Forms of the parts of a question; `answer` describes only what is answered. */
export interface Forms {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
}

interface Ask<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly by: string;
  readonly isProved: boolean;
  readonly session: OpenSession | undefined;
  readonly token: string | undefined;
  readonly pending: string | undefined;
}

interface TypedRoute<P, Q, B> extends Omit<ApiRoute, 'forms' | 'respond'> {
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  readonly answers?: z.ZodType;
  readonly answer: (ask: Ask<P, Q, B>) => ApiAnswer | Promise<ApiAnswer>;
}

/** A route whose question is parsed once, here, whichever door it comes through. */
export function apiRoute<P, Q, B>(route: TypedRoute<P, Q, B>): ApiRoute {
  const { params, query, body, answers, answer, ...rest } = route;
  const parts = [
    ['params', params],
    ['query', query],
    ['body', body],
  ] as const;
  return {
    ...rest,
    forms: {
      ...(params && { params }),
      ...(query && { query }),
      ...(body && { body }),
      ...(answers && { answer: answers }),
    },
    respond: (raw) => {
      const { by, isProved = false, session, token, pending } = raw;
      const parsed: { [part: string]: unknown } = { by, isProved, session, token, pending };
      for (const [part, form] of parts) {
        const read = form?.safeParse(raw[part]);
        if (read?.success === false) return refused(400, route.invalid(read.error.issues[0]?.path.join('.') ?? ''));
        parsed[part] = read?.data;
      }
      return answer(parsed as unknown as Ask<P, Q, B>);
    },
  };
}

export const answered = (body: object): ApiAnswer => ({ status: 200, body });

export const refused = (status: number, fault: Fault): ApiAnswer => ({ status, body: { fault } });

/** What was done, or 409 with why it was not. */
export const outcomeOf = (outcome: Result<object, Fault>): ApiAnswer =>
  outcome.ok ? answered(outcome.value) : refused(409, outcome.fault);
