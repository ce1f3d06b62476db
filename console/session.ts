import { shallowRef } from 'vue';
import type { Role, Session } from './api/answers.ts';
import { type Answer, ask, goOnWith } from './api/client.ts';

/** Who is logged in; undefined for nobody. */
export const session = shallowRef<Session | undefined>();

export function begin(opened: Session | undefined): void {
  session.value = opened;
  goOnWith(opened?.csrf);
}

/** Asks once whether the browser still has a session. */
export async function resume(): Promise<void> {
  const answer = await ask<Session>('GET', '/session');
  begin(answer.ok ? answer.value : undefined);
}

/** Asks what became of an account that waits for somebody to answer for it; nobody is logged out by a lost answer. */
export async function renew(): Promise<void> {
  const answer = await ask<Session>('GET', '/session');
  if (answer.ok) begin(answer.value);
}

/** Whatever gives a session: a first account, an invitation, a login. */
export async function enter(path: string, body: object): Promise<Answer<Session>> {
  const answer = await ask<Session>('POST', path, body);
  if (answer.ok) begin(answer.value);
  return answer;
}

export async function leave(): Promise<void> {
  await ask('DELETE', '/session');
  begin(undefined);
}

/** What the page offers; whether it is done is for the cloud to say. */
export const hasRole = (roles: readonly Role[]): boolean =>
  session.value?.roles.some((role) => roles.includes(role)) === true;
