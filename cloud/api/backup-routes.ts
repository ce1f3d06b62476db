import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

/** A backup by what its signed manifest says; its files are looked through by `tongguan backup verify`. */
export interface ListedBackup {
  readonly name: string;
  /** `unsigned`: no manifest, or one that the key of the logs did not sign. */
  readonly state: 'signed' | 'unsigned';
  readonly createdAt?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly logs?: Readonly<Record<string, { readonly size: number; readonly root: string }>>;
}

/** `/backup`. @param list - undefined where the configuration does not say where backups lie */
export function backupRoutes(list: (() => readonly ListedBackup[]) | undefined): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/backup', summary: 'backups, newest first, by their signed manifests' },
      invalid: noQuestion,
      answer: () => (list === undefined ? refused(409, elsewhere()) : answered({ backups: list() })),
    }),
  ];
}

const elsewhere = (): Fault<'BACKUPS_ELSEWHERE'> => ({
  code: 'BACKUPS_ELSEWHERE',
  problem: bilingual('the configuration does not say where backups lie', '配置未指明备份所在位置'),
  remedy: bilingual(
    'name `console.backups`, or use `tongguan backup verify`',
    '请配置 `console.backups`，或使用 `tongguan backup verify`',
  ),
  retry: 'after-remedy',
});
