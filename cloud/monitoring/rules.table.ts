import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { DAY_MS, HOUR_MS } from '../../proto/words/time.ts';

/** Rules over traffic and behaviour (eight ministries' guidance of 2026-02-03, IV.2 (2) and IV.3 (4)). */
export interface MonitoringRow {
  readonly id: string;
  /** Article that asks for it; where the figure is ours, `own`. */
  readonly cite: string;
  readonly watches: 'operations' | 'alerts' | 'traffic' | 'counts';
  /** How far back it looks; 0 for no window. */
  readonly windowMs: number;
  /** Meaning as `unit` says; `monitoring.limits` of the configuration may set another. */
  readonly limit: number;
  readonly unit: string;
  readonly severity: 'high' | 'medium' | 'low';
  readonly reason: Bilingual;
}

const MONITOR = 'G26-IV.2 (2), figure own';

// biome-ignore format: one rule a row
export const MONITORING_RULES = [
  { id: 'DESTINATION_UNKNOWN', cite: 'G26-IV.2 (1) and (2)', watches: 'traffic', windowMs: 0, limit: 0, unit: 'connections', severity: 'high', reason: bilingual('a connection goes to a recipient, endpoint, certificate or address that is not on the register, in plain where it has a key, or has no intent before it', '出境连接的接收方、端点、证书或地址未登记，或已登记密钥却以明文发送，或连接之前没有出境意图记录') },
  { id: 'VOLUME_UNUSUAL', cite: MONITOR, watches: 'traffic', windowMs: 90 * DAY_MS, limit: 5, unit: 'times the largest of the last 90 days', severity: 'medium', reason: bilingual('far more data goes to a recipient than ever before', '发往该接收方的数据量远超以往') },
  { id: 'HOUR_UNUSUAL', cite: MONITOR, watches: 'traffic', windowMs: 90 * DAY_MS, limit: 1, unit: 'hours from any hour of the last 90 days', severity: 'low', reason: bilingual('a connection at an hour at which this recipient has not been served before', '连接时段与该接收方以往的时段不符') },
  { id: 'STRANGERS_REFUSED', cite: MONITOR, watches: 'traffic', windowMs: HOUR_MS, limit: 100, unit: 'connections in an hour', severity: 'medium', reason: bilingual('strangers connect to the listener of the exporter more often than is recorded of them: somebody tries to get in, or to fill its disk', '不明来源反复连接出境端监听端口，次数超出留存上限：可能有人试图侵入或耗尽磁盘') },
  { id: 'WITHHELD_REPEATED', cite: MONITOR, watches: 'operations', windowMs: DAY_MS, limit: 3, unit: 'withheld requests of one account', severity: 'medium', reason: bilingual('one account asks again and again for what is withheld', '同一账号反复申请未获准的出境') },
  { id: 'PAIR_ALWAYS_SAME', cite: MONITOR, watches: 'operations', windowMs: 90 * DAY_MS, limit: 10, unit: 'transfers in a row', severity: 'low', reason: bilingual('the same persons approve all that this account asks for', '该账号的申请始终由相同人员审批') },
  { id: 'SELF_APPROVAL_TRIED', cite: MONITOR, watches: 'operations', windowMs: 0, limit: 0, unit: 'attempts', severity: 'high', reason: bilingual('an account tried to approve what its own person had asked for, or to approve twice', '账号试图审批本人申请的出境，或重复审批') },
  { id: 'PERMISSION_THEN_EXPORT', cite: 'G26-IV.3 (2), window own', watches: 'operations', windowMs: DAY_MS, limit: 0, unit: 'permits', severity: 'high', reason: bilingual('who changed permissions got or approved a transfer soon after', '变更权限的人员随即获准或审批了出境') },
  { id: 'DEVICE_VIN_MISMATCH', cite: MONITOR, watches: 'alerts', windowMs: DAY_MS, limit: 3, unit: 'mismatches of one device', severity: 'high', reason: bilingual('a device goes on naming another vehicle than its certificate', '设备持续上报与证书不一致的车辆识别代号') },
  { id: 'DEVICE_POLICY_STALE', cite: MONITOR, watches: 'alerts', windowMs: DAY_MS, limit: 10, unit: 'devices', severity: 'medium', reason: bilingual('many devices collect under a policy that is unknown or no longer in force', '多台设备使用未知或已失效的策略包') },
  { id: 'QUARANTINE_RATE', cite: MONITOR, watches: 'counts', windowMs: HOUR_MS, limit: 5, unit: 'per cent of the frames of an hour, of 100 at least', severity: 'medium', reason: bilingual('an unusual part of what vehicles send goes to quarantine', '进入隔离区的数据比例异常') },
  { id: 'THRESHOLD_NEAR', cite: 'G26-I.3.A2, A3, B1', watches: 'counts', windowMs: 366 * DAY_MS, limit: 80, unit: 'per cent of a threshold; again at 90 and at 100', severity: 'medium', reason: bilingual('persons of the year come near a threshold of the law', '本年度出境人数接近法定阈值') },
  { id: 'LOG_TAMPERED', cite: 'G26-IV.3 (3)', watches: 'traffic', windowMs: 0, limit: 0, unit: 'changes', severity: 'high', reason: bilingual('a log is not what it was, or cannot be read', '日志与此前不一致或无法读取') },
  { id: 'CLOCK_SET_BACK', cite: 'G26-IV.3 (3), figure own', watches: 'operations', windowMs: 0, limit: 300, unit: 'seconds before the entry before it', severity: 'high', reason: bilingual('entries of a log are older than those before them: a clock was set back', '日志条目早于其前一条目：时钟被回拨') },
  { id: 'CONFIGURATION_CHANGED', cite: 'G26-IV.3 (2)', watches: 'operations', windowMs: 0, limit: 0, unit: 'changes', severity: 'medium', reason: bilingual('keys, files or parts of the configuration that decide who may do what are not what they were', '决定权限的密钥、文件或配置项与此前不一致') },
  { id: 'SENT_WITHOUT_PERMIT', cite: 'G26-IV.2 (1) and (2)', watches: 'traffic', windowMs: 0, limit: 0, unit: 'transfers', severity: 'high', reason: bilingual('the exporter began a transfer that this cloud has not permitted', '出境端开始了未经本云端放行的出境') },
  { id: 'AUDIT_OVERDUE', cite: 'G26-IV.3 (4); KB-45574 5.5', watches: 'counts', windowMs: 0, limit: 10, unit: 'days after the end of the month', severity: 'medium', reason: bilingual('the audit of the logs of a month has not been signed in time', '月度日志审计未按期签署') },
] as const satisfies readonly MonitoringRow[];

export type RuleId = (typeof MONITORING_RULES)[number]['id'];

export const RULE_IDS = MONITORING_RULES.map(({ id }) => id) as readonly RuleId[];

/** The row of a rule, with the operator's limit where there is one. */
export function ruleOf(id: RuleId, limits: Partial<Readonly<Record<RuleId, number>>>): MonitoringRow {
  const row = MONITORING_RULES.find((one) => one.id === id);
  const limit = limits[id];
  return { ...(row as MonitoringRow), ...(limit !== undefined && { limit }) };
}

export function monitoringRow(id: string): MonitoringRow | undefined {
  return MONITORING_RULES.find((one) => one.id === id);
}

/** Thresholds of persons of a calendar year at which the law asks for more (G26-I.3). */
export const PERSON_THRESHOLDS = [
  { kind: 'plain', persons: 100_000, cite: 'G26-I.3.B1' },
  { kind: 'plain', persons: 1_000_000, cite: 'G26-I.3.A2' },
  { kind: 'sensitive', persons: 10_000, cite: 'G26-I.3.A3' },
] as const;

/** Parts of a threshold that are told, in per cent. */
export const THRESHOLD_STEPS = [80, 90, 100] as const;
