import { type Bilingual, bilingual } from '../../proto/words/fault.ts';

/** Files of an inspection bundle that are picked from the operations log by the kind of entry. */
export interface PickedFile {
  readonly file: string;
  readonly kinds: readonly string[];
  readonly title: Bilingual;
}

// biome-ignore format: one file a line
export const PICKED_FILES: readonly PickedFile[] = [
  { file: 'verdicts.ndjson',    kinds: ['verdict', 'withheld'], title: bilingual('verdicts, each with its facts and rules', '裁定及其事实与规则') },
  { file: 'approvals.ndjson',   kinds: ['approval', 'approval-refused', 'approval-void', 'approval-lapsed', 'rejection'], title: bilingual('approvals, rejections and refusals', '审批、驳回与拒绝') },
  { file: 'permits.ndjson',     kinds: ['permit', 'revocation'], title: bilingual('permits and revocations', '放行凭证与撤销') },
  { file: 'receipts.ndjson',    kinds: ['closed'], title: bilingual('ends of transfers, with the receipts of recipients', '出境结果及接收方回执') },
  { file: 'emergency.ndjson',   kinds: ['emergency-stop', 'emergency-stop-again', 'emergency-mark-restored', 'emergency-resume', 'emergency-resume-refused', 'emergency-resumed'], title: bilingual('emergency stops and resumptions', '紧急停止与恢复') },
  { file: 'access.ndjson',      kinds: ['read', 'read-ended', 'access-refused'], title: bilingual('what was read, and reading that was refused, from abroad too', '读取记录及被拒绝的读取（含境外读取）') },
  { file: 'changes.ndjson',     kinds: ['register', 'persons', 'permission-change', 'device-trust', 'device-revoked', 'deletion-requested', 'deletion-begun', 'deletion-done', 'zone-rotate', 'zone-rotated', 'stores-move', 'stores-moved', 'files-adopted', 'restored'], title: bilingual('changes of registers, devices, keys and rights', '登记、设备、密钥与权限变更') },
  { file: 'audits.ndjson',      kinds: ['audit-run', 'audit-signed'], title: bilingual('monthly audits and their sign-off', '月度审计及签署') },
];
