import { type Bilingual, bilingual } from '../../proto/words/fault.ts';

/** What alerts mean that no rule of monitoring raises, and what to do; whoever looks at one has only its code. */
// biome-ignore format: one code a line
const ROWS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  ACCESS_REFUSED: ['somebody asked for what their entry does not let them read; see their entry in the register of who may read', '有人请求读取其登记未允许的内容；请查看访问人员登记'],
  ACCOUNT_LINK: ['somebody made a link to an account of the authority matrix; ask its person whether they wanted one', '有人为权限矩阵中的账号生成了链接；请向其本人核实'],
  ACCOUNT_LOCKED: ['too many wrong passwords or codes for one account; ask whose it is', '同一账号口令或验证码多次错误；请向账号持有人核实'],
  ALERTS_UNLOGGED: ['more alerts came in a minute than the log takes; look at what is being refused', '一分钟内告警超出日志容量；请查看被拒绝的内容'],
  APPROVAL_REFUSED: ['somebody approved or confirmed who may not; the operations log has who and why', '有人作出其无权作出的审批或确认；操作日志载有人员及原因'],
  DATASET_BARRED: ['a dataset was asked for that holds what may never leave; nothing was built', '申请的数据集含有不得出境的内容；未构建任何数据'],
  DELETION_OVERDUE: ['deletions are past their last day; run `tongguan delete run`', '删除已超过期限；请运行 `tongguan delete run`'],
  DETECTOR_SELF_TEST_FAILED: ['a detector of pictures did not see what it was shown, and looks at nothing; check its package and file, then start again', '影像检测器未通过自检，已停用；请检查其软件包与文件后重启'],
  DEVICE_TRUST_LOWERED: ['a rule believes a device less; inspect it', '按规则降低了某终端的可信度；请检查该终端'],
  EMERGENCY_STOPPED: ['all exports were stopped; the page of the emergency stop says by whom and what is done', '所有出境已停止；紧急停止页面载明操作人与进展'],
  EVIDENCE_FELL_OUT: ['quarantine was full, or its payloads too old; look at which device fills it', '隔离区已满或内容过期；请查看是哪个终端所致'],
  MQTT_SIGNATURE: ['a batch came whose signature does not fit its device; it was refused', '收到签名与终端不符的批次，已拒收'],
  OUTBOX_FOREIGN_PARCEL: ['a parcel lies at the border that no permit of ours is for; it is not sent', '出境目录中有未经放行的数据包；不会发送'],
  PERSONS_MERGED: ['an import linked many vehicles to few persons, so that fewer are counted; hold the list against its source', '一次导入将大量车辆关联到少数个人，人数统计随之减少；请与来源核对'],
  READ_FROM_ABROAD: ['somebody abroad asked to read, which is a transfer; it was refused', '境外人员或地址请求读取，属于数据出境；已拒绝'],
  RECEIPT_DISPUTED: ['a return says that a transfer was delivered, and its receipt is not one of the recipient for what was cleared; it lies as `.disputed` among the returns and the transfer goes on: find out who wrote it, or name the certificate of before under `certificatesBefore` and start the exporter again', '回执称已交付，但其签收凭证并非接收方就已放行内容所签；该文件以 `.disputed` 保存，出境状态不变：请查明该文件由谁写入，或在 `certificatesBefore` 中补列旧证书后重启出境端'],
  RECORD_FORGED: ['a record of the record log was not made by our intake; it was refused', '记录日志中的一条记录并非由我方接入生成，已拒收'],
  RETURN_DISPUTED: ['a return says that nothing of a transfer was tried, and the exporter\'s log says otherwise; its persons stay counted: find out who wrote the file', '回执称未尝试发送，而出境端日志与之不符；相关个人仍计入人数，请查明该文件由谁写入'],
  REGISTERS_CHANGED: ['the registers differ from the log; transfers are withheld until they agree', '登记册与日志不一致；恢复一致前暂不出境'],
  REQUEST_WHILE_STOPPED: ['a transfer was asked for while all exports are stopped; it was withheld', '紧急停止期间有人申请出境；已暂不出境'],
  SEAL_KEY_UNSETTLED: ['nobody can say for certain what key parcels of this recipient are sealed to; make register and configuration agree', '无法确定该接收方数据包的加密公钥；请使登记册与配置一致'],
  TERMINALS_WITHOUT_CUSTODIAN: ['terminals send, and no custodian may read positions today; renew the qualification', '终端正在上报，但当前没有可读取位置的保管单位；请更新其资质'],
  TERMINAL_FORWARD: ['something about forwarding to a platform happened for the first time; the document says what', '向平台转发时首次出现某种情况；详见该条文档'],
};

/** Undefined for a code that no row explains. */
export function alertReason(code: string): Bilingual | undefined {
  const row = Object.hasOwn(ROWS, code) ? ROWS[code] : undefined;
  return row && bilingual(...row);
}
