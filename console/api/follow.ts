import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from './client.ts';

export interface Followed<T> {
  readonly value: Readonly<ShallowRef<T | undefined>>;
  /** Why the newest question got no answer; the value before it stays. */
  readonly fault: Readonly<ShallowRef<Fault | undefined>>;
  readonly reload: () => Promise<void>;
}

/** Asks now and, where it is said, again and again while somebody looks at the page. @param everyMs - after each answer */
export function follow<T>(path: () => string, everyMs?: number): Followed<T> {
  const value = shallowRef<T>();
  const fault = shallowRef<Fault>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const reload = async (): Promise<void> => {
    const asked = path();
    const answer = await ask<T>('GET', asked);
    if (isOver || asked !== path()) return;
    if (answer.ok) value.value = answer.value;
    fault.value = answer.ok ? undefined : answer.fault;
  };
  const turn = async (): Promise<void> => {
    if (!document.hidden) await reload();
    if (!isOver && everyMs !== undefined) timer = setTimeout(() => void turn(), everyMs);
  };
  void turn();
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });
  return { value, fault, reload };
}
