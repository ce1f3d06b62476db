import type { EntryBody } from './kind.ts';

/** What stands at a place in a body. @param key - such as `filing.state` */
export function valueAt(body: EntryBody, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? (at as EntryBody)[name] : undefined), body);
}
