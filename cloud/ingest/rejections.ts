import { type Bilingual, bilingual } from '../../proto/words/fault.ts';

/** Why a payload went to quarantine instead of a zone. */
export type RejectionCode = keyof typeof REJECTIONS;

/** What the operator is told; the payload itself lies in quarantine and never in a message. */
export interface Rejection {
  readonly problem: Bilingual;
  readonly remedy: Bilingual;
  /** True when somebody seems to lie; it then becomes a security alert. */
  readonly isAlert: boolean;
}

// biome-ignore format: one rejection a line
export const REJECTIONS = {
  PAYLOAD_TOO_LARGE: row(false, 'the payload is larger than the gateway accepts', '报文超过网关允许的大小', 'send batches within the limits of proto/schema/telemetry.proto', '请按 proto/schema/telemetry.proto 的上限分批发送'),
  FRAME_SCHEMA: row(false, 'the payload is not a signed batch of this schema', '报文不符合本版本的签名批次格式', 'update the agent, or send what `tongguan edge` seals', '请升级终端代理，或发送由 `tongguan edge` 封装的数据'),
  FRAME_LIMIT: row(false, 'a field of the batch breaks its limit', '批次中有字段超出上限', 'keep the limits of proto/schema/telemetry.proto', '请遵守 proto/schema/telemetry.proto 的上限'),
  FRAME_UNKNOWN_FIELD: row(false, 'the batch carries a field that the schema does not name', '批次包含格式中未定义的字段', 'update the gateway before the vehicles', '请先升级网关，再升级车辆'),
  SIGNATURE_INVALID: row(true, "the batch is not signed by the device's key", '批次签名与设备密钥不符', 'check which key the TCU signs with; revoke the device if it was taken over', '请核查终端签名密钥；如设备被控制请吊销'),
  SEQUENCE_GAPS: row(false, 'the device has more gaps in its sequence than are kept', '该设备序号缺口过多', 'let the vehicle send its backlog in order', '请让车辆按顺序补传积压数据'),
  TIME_IN_FUTURE: row(true, 'a frame is dated in the future', '数据帧时间在未来', 'check the clock of the vehicle', '请检查车辆时钟'),
  TIME_LONG_PAST: row(true, 'a frame is dated longer ago than a vehicle may have kept it', '数据帧时间早于车辆可能保留的期限', 'check whether the vehicle lost the time; where vehicles do wait that long, raise `recheck.maxAgeDays`', '请检查车辆是否丢失时间；若车辆确需离线如此之久，请调高 `recheck.maxAgeDays`'),
  TIMES_APART: row(true, 'frames that were sealed together are dated days apart', '同一批次数据帧的时间相差数日', 'check whether the vehicle lost the time and was told it again', '请检查车辆是否曾丢失时间并重新校时'),
  CELL_NOT_ON_GRID: row(true, 'a position is not a cell of the grid that may be published', '位置不是允许发布的网格单元', 'check the policy and the version of the agent', '请检查策略包与终端代理版本'),
  PATH_FORBIDDEN: row(true, 'a signal is one that must not leave a vehicle', '包含禁止离车的信号', 'remove it from the policy bundle; check the version of the agent', '请从策略包中移除该信号，并检查终端代理版本'),
  VALUE_IMPLAUSIBLE: row(true, 'a value lies outside the range of its signal', '信号值超出其取值范围', 'check the source of the signal on the vehicle', '请检查车辆上的信号来源'),
  IMAGE_NOT_CLEAN: row(true, 'a picture holds more than the picture, or is not of the form its treatment gives', '影像文件含有画面以外的内容，或与所声明的处理方式不符', 'check the version of the agent; the picture stays in quarantine', '请检查终端代理版本；该影像保留在隔离区'),
  IMAGE_TOO_LARGE: row(true, 'a picture is larger than one that may leave a vehicle, or than it says', '影像尺寸超过允许上限或与声明不符', 'check the version of the agent; the picture stays in quarantine', '请检查终端代理版本；该影像保留在隔离区'),
  IMAGE_UNDECLARED: row(true, 'a picture does not say what was done to it, or shows the cabin without a consent', '影像未声明所做处理，或为无同意记录的车内影像', 'check the policy bundle and the version of the agent', '请检查策略包与终端代理版本'),
  POINTS_NOT_REDUCED: row(true, 'a point cloud or a list of objects is not in a form that may leave a vehicle', '点云或目标列表不是允许离车的形式', 'check the policy bundle and the version of the agent', '请检查策略包与终端代理版本'),
  VALUE_OFF_GRID: row(true, 'a value is finer than the batch says its signal was made', '信号值比批次声明的量化步长更精细', 'check the version of the agent, and whether somebody took its place', '请检查终端代理版本及其是否被替换'),
  POLICY_UNKNOWN: row(true, 'the batch names a policy that was never distributed', '批次所引用的策略包从未下发', 'name the bundle in `policy.deliveredFiles` if vehicles were delivered with it; else inspect the device', '若车辆出厂时已带有该策略包，请在 `policy.deliveredFiles` 中列出；否则请检查该设备'),
  POLICY_NOT_IN_FORCE: row(true, 'the batch holds what was observed after its policy had ended, or before it began', '批次含有在其策略包失效之后或生效之前采集的内容', 'check the clock of the vehicle and the version of the agent', '请检查车辆时钟与终端代理版本'),
  STEPS_NOT_OF_POLICY: row(true, 'the steps that the batch says were taken are not those of its policy', '批次声明的处理步骤与其策略包不符', 'check the version of the agent, and whether somebody took its place', '请检查终端代理版本及其是否被替换'),
  CONTENT_NOT_OF_POLICY: row(true, 'the batch holds what its policy or its own steps do not let out', '批次含有其策略包或其所声明步骤不允许离车的内容', 'check the version of the agent, and whether somebody took its place', '请检查终端代理版本及其是否被替换'),
  QUANTUM_NOT_OF_POLICY: row(true, 'a value is finer than the policy of its batch asks for', '信号值比批次所引用策略包要求的量化步长更精细', 'check the version of the agent, and whether somebody took its place', '请检查终端代理版本及其是否被替换'),
  INTERVAL_NOT_OF_POLICY: row(true, 'values or pictures come more often than the policy of their batch lets them', '信号或影像的上送频率高于批次所引用策略包的规定', 'check the version of the agent, and `recheck.sensorsPerLabelMax` against the sensors of the vehicle', '请检查终端代理版本，并核对 `recheck.sensorsPerLabelMax` 与车辆传感器数量'),
  TIME_NOT_FLOORED: row(true, 'a time is finer than the batch says times were made', '时间比批次声明的时间粒度更精细', 'check the version of the agent, and whether somebody took its place', '请检查终端代理版本及其是否被替换'),
  IMAGE_SHOWS_SUBJECT: row(true, "the cloud's own detector sees a face or a plate in a redacted picture", '云端检测器在已脱敏影像中发现人脸或车牌', 'look at the picture in quarantine, and at the detector of the vehicle', '请查看隔离区中的影像，并检查车端检测器'),
  DEVICE_BARRED: row(true, 'the device is barred: nothing it sends is believed', '该设备已被禁用：其发送的内容一律不予采信', 'inspect the device; restore it with `tongguan register device trust`, or revoke it', '请检查该设备；用 `tongguan register device trust` 恢复，或将其吊销'),
  IDENTIFIER_IN_PAYLOAD: row(true, 'a value has the form of a number of a device or a subscriber', '信号值具有设备号或用户号的形式', 'check the version of the agent', '请检查终端代理版本'),
  PURPOSE_UNKNOWN: row(true, 'the batch leaves for a purpose that its policy does not have, or names none', '批次所述目的不在其策略中，或未说明目的', 'check the policy bundle and the version of the agent', '请检查策略包与终端代理版本'),
  ATTESTATION_UNBOUND: row(true, 'cells are marked as processed by a state-recognised adapter that the vehicle is not bound to', '网格标记为经国家认定的保密处理，但该车辆未绑定该适配器', 'list the record and the vehicle under `confidentiality`, or inspect the device', '请在 `confidentiality` 中登记该备案与车辆，或检查该设备'),
  ATTESTATION_EXPIRED: row(true, 'cells are marked under a certificate that is not valid', '网格所依据的证书不在有效期内', 'renew the certificate and its record on both sides', '请更新证书及两端的备案'),
  VIN_MISMATCH: row(true, 'the payload names another vehicle than the certificate', '报文中的车辆识别代号与证书不一致', 'inspect the device; its records stay in quarantine', '请检查该设备；其记录保留在隔离区'),
  TERMINAL_VIN_MISMATCH: row(true, 'a frame of a terminal names another vehicle than the terminal is registered for', '终端报文中的车辆识别代号与登记不一致', 'inspect the terminal; the frame stays in quarantine', '请检查该终端；报文保留在隔离区'),
  TERMINAL_UNBOUND: row(true, 'somebody logs in as a vehicle that no registered terminal vouches for: unknown, from another source, or with another code', '登入的车辆没有对应的已登记终端：未登记、来源不符或鉴权码不符', 'register the terminal with `tongguan register terminal import`, or look who connects', '请用 `tongguan register terminal import` 登记该终端，或核查连接来源'),
  TERMINAL_PLATFORM_VEHICLE: row(true, 'a platform sends for a vehicle that is not registered under it', '平台发送了未登记在其名下的车辆的报文', 'register the vehicle under the platform with `tongguan register terminal import`, or ask the platform', '请用 `tongguan register terminal import` 将车辆登记到该平台，或向平台核实'),
  TERMINAL_SIGNATURE: row(true, 'the signature of a frame of a terminal is not that of the key registered for its vehicle', '终端报文的签名与车辆登记的公钥不符', 'look who sends, and whether the key is still that of the vehicle; the frame stays in quarantine', '请核查发送方以及公钥是否仍属于该车辆；报文保留在隔离区'),
  TERMINAL_LAYOUT: row(false, 'the content of a frame of a terminal does not fit its edition', '终端报文内容不符合其协议版本', 'check the terminal against the edition it names; the frame stays in quarantine', '请核查终端与其声明的协议版本；报文保留在隔离区'),
  TERMINAL_UNDECRYPTED: row(true, 'a frame of a terminal does not open with the key that is held for it, or none is held', '终端报文无法用所持密钥解密，或未持有其密钥', 'hand in the key and its form under `terminals.gb32960.keysFile`; the frame stays in quarantine', '请在 `terminals.gb32960.keysFile` 中提供密钥及其加密方式；报文保留在隔离区'),
  RECORD_UNREADABLE: row(true, 'a record of the raw topic was sealed by no ingress of ours, or changed since', '原始主题中的记录并非由本系统接入端封装，或已被改动', 'look who may write to the topics of the record log', '请核查谁有权写入记录日志的各主题'),
  RECORD_TOO_LARGE: row(false, 'what comes of the payload is larger than a topic of the record log takes', '由该报文得到的记录超过记录日志主题允许的大小', 'let every topic take 1,048,588 bytes (`max.message.bytes`); the payload stays in quarantine', '请将每个主题的 `max.message.bytes` 设为 1,048,588 字节；该报文保留在隔离区'),
  VIN_IN_PAYLOAD: row(true, 'the payload carries a VIN where a subject tag belongs', '报文以明文携带车辆识别代号', 'check the version of the agent', '请检查终端代理版本'),
} as const;

function row(isAlert: boolean, problemEn: string, problemZh: string, remedyEn: string, remedyZh: string): Rejection {
  return { isAlert, problem: bilingual(problemEn, problemZh), remedy: bilingual(remedyEn, remedyZh) };
}
