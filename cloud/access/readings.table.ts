import type { Reading } from '../registers/kinds/principals.ts';

/** What each path of the local API reads; the first row that fits. */
const PATHS: readonly (readonly [path: string, reading: Reading])[] = [
  ['/v1/status', 'status'],
  ['/v1/transfers', 'transfers'],
  ['/v1/plans', 'transfers'],
  ['/v1/counts', 'status'],
  ['/v1/registers', 'registers'],
  ['/v1/register-imports', 'registers'],
  ['/v1/agenda', 'registers'],
  ['/v1/updates', 'registers'],
  ['/v1/deletions', 'deletions'],
  ['/v1/emergency', 'emergency'],
  ['/v1/accounts', 'registers'],
  ['/v1/alerts', 'logs'],
  ['/v1/audits', 'logs'],
];

/** What no row names is read only by who may read everything there is. */
export function readingOf(url: string): Reading {
  const path = url.split('?')[0] ?? '';
  return PATHS.find(([begin]) => path === begin || path.startsWith(`${begin}/`))?.[1] ?? 'zones';
}
