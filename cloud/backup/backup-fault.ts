import { bilingual, type Fault } from '../../proto/words/fault.ts';

export type BackupFault = Fault<
  'BACKUP_EXISTS' | 'BACKUP_OVERTAKEN' | 'BACKUP_DAMAGED' | 'BACKUP_FORGOTTEN' | 'BACKUP_FAILED' | 'RESTORE_EXISTS'
>;

type Texts = readonly [en: string, zh: string, remedyEn: string, remedyZh: string];

// biome-ignore format: one fault a line
const TEXT: Readonly<Record<BackupFault['code'], Texts>> = {
  BACKUP_EXISTS: ['there is something in the directory of the backup', '备份目录非空', 'name a directory that is empty or not there yet', '请指定空目录或不存在的目录'],
  BACKUP_OVERTAKEN: ['records were deleted while the backup was made, so it could hold their keys', '备份期间有记录被删除，备份中可能仍含其密钥', 'remove the directory and make the backup again', '请删除该目录后重新备份'],
  BACKUP_DAMAGED: ['the backup is not as it was made', '备份内容与创建时不一致', 'use another backup; what is wrong with it is said before', '请使用其他备份；具体问题见上文'],
  BACKUP_FORGOTTEN: ['the keys of this backup were destroyed with records that were deleted after it', '该备份之后删除了记录，备份的密钥已随之销毁', 'name a later backup with `--keys-from`: its keys open what was not deleted', '请用 `--keys-from` 指定更新的备份；其密钥可打开未删除的记录'],
  BACKUP_FAILED: ['the backup cannot be made or read', '无法创建或读取备份', 'check that the directories of `cloud.yaml` can be read and the target has space', '请检查 `cloud.yaml` 中的目录是否可读以及目标空间是否充足'],
  RESTORE_EXISTS: ['there is something where the backup is to be restored', '恢复目标目录非空', 'name a directory that is empty or not there yet; nothing is written over', '请指定空目录或不存在的目录；不会覆盖任何内容'],
};

export function backupFault(code: BackupFault['code'], detail?: string): BackupFault {
  const [en, zh, remedyEn, remedyZh] = TEXT[code];
  const problem = detail === undefined ? bilingual(en, zh) : bilingual(`${en}: ${detail}`, `${zh}：${detail}`);
  return {
    code,
    problem,
    remedy: bilingual(remedyEn, remedyZh),
    retry: code === 'BACKUP_OVERTAKEN' ? 'now' : 'after-remedy',
  };
}
