import type { Retry } from '../../proto/words/fault.ts';

/** Problem and remedy in both languages, then when the same step may succeed. `later` never settles a transfer. */
export type FaultRow = readonly [en: string, zh: string, remedyEn: string, remedyZh: string, retry: Retry];

const CLEAR_AGAIN = ['clear the transfer again with a new transfer id', '请以新的出境编号重新放行该次出境'] as const;
const CHECK_CLOUD = [
  'compare the permit key of exporter.yaml with the one the cloud signs with, then clear the transfer again',
  '请核对 exporter.yaml 中的放行公钥与云端签名密钥是否一致，然后重新放行',
] as const;
const CHECK_REGISTER = [
  'make the recipient in exporter.yaml agree with the recipient register, then clear the transfer again',
  '请使 exporter.yaml 中的接收方与接收方登记一致，然后重新放行',
] as const;
const KEEP_EVIDENCE = [
  'keep the directory as evidence, find out who wrote to the border directory, then clear the transfer again',
  '请保留该目录作为证据，查明何人写入了口岸目录，然后重新放行',
] as const;
const CHECK_SEALING = [
  'make `encryption` of the recipient register and `sealedTo` in exporter.yaml name the same key, then clear the transfer again',
  '请使接收方登记的 `encryption` 与 exporter.yaml 的 `sealedTo` 指向同一密钥，然后重新放行',
] as const;
const CHECK_DISK = [
  'check rights and free space of the directory, then wait: the exporter tries again by itself',
  '请检查目录权限与剩余空间，出境端会自动重试',
] as const;
const CHECK_CAPTURE = [
  'check disk space, speed and rights of `capture.directory`, then wait: the exporter tries again by itself',
  '请检查 `capture.directory` 的磁盘空间、速度与权限，出境端会自动重试',
] as const;
const ASK_RECIPIENT = [
  'ask the recipient to look at their receiver, then wait: the exporter tries again by itself until the permit expires',
  '请联系接收方检查其接收端；在放行凭证到期前出境端会自动重试',
] as const;
const SEND_AGAIN = ['send the parcel again from the first file', '请从第一个文件起重新发送'] as const;

/** Every fault of the exporter and of the reference receiver. Nothing here is a figure of law. */
// biome-ignore format: one fault a line
export const FAULT_ROWS = {
  // Start-up
  CONFIG_INVALID: ['the configuration is not valid', '配置无效', 'correct the key; docs/receiver.md and docs/configuration.md list every key', '请更正该配置项；全部配置项见 docs/receiver.md 与 docs/configuration.md', 'after-remedy'],
  CONFIG_UNREADABLE: ['a file of the configuration cannot be read', '无法读取配置所指的文件', 'check the path and its rights', '请检查路径及其权限', 'after-remedy'],
  KEY_UNSUITABLE: ['a key or certificate is not of the kind needed', '密钥或证书类型不符', 'make a key of the kind the configuration names and register its certificate', '请生成配置要求类型的密钥并登记其证书', 'after-remedy'],
  LISTEN_REFUSED: ['the address cannot be listened on', '无法监听该地址', 'with EADDRINUSE `ss -ltnp` as root names who holds it: end it, or set another `port` (`pull.listen` of exporter.yaml, `listen` of receiver.yaml); with EACCES: a port below 1024 takes the right to bind', 'EADDRINUSE：以 root 运行 `ss -ltnp` 可查出占用者，请停止该进程或改用其他端口（exporter.yaml 的 `pull.listen`、receiver.yaml 的 `listen`）。EACCES：1024 以下端口须有绑定权限', 'after-remedy'],
  // The permit
  PERMIT_MISSING: ['the transfer has no readable permit file', '该次出境没有可读取的放行凭证', ...CLEAR_AGAIN, 'after-remedy'],
  PERMIT_MALFORMED: ['the permit is not a well-formed signed envelope', '放行凭证格式不正确', ...CLEAR_AGAIN, 'after-remedy'],
  PERMIT_KIND: ['the signed envelope is not a permit', '签名信封不是放行凭证', ...CLEAR_AGAIN, 'after-remedy'],
  PERMIT_KEY_UNKNOWN: ['the permit was signed by a key this exporter does not know', '放行凭证由未知密钥签名', ...CHECK_CLOUD, 'after-remedy'],
  PERMIT_SIGNATURE: ['the signature of the permit is wrong', '放行凭证的签名错误', ...KEEP_EVIDENCE, 'after-remedy'],
  PERMIT_KEY_CHANGED: ['permits were signed with another key before, which did not hand over to this one', '此前的放行凭证由另一密钥签名，且该密钥未移交给当前密钥', 'put the permit key of before back, or give its signature as `permit.handoverFile` (docs/exporter.md); find out who changed exporter.yaml', '请恢复此前的放行公钥，或以 `permit.handoverFile` 提供其移交签名（docs/exporter.md），并查明何人更改了 exporter.yaml', 'after-remedy'],
  PERMIT_TRANSFER: ['the permit is for another transfer', '放行凭证属于另一次出境', ...KEEP_EVIDENCE, 'after-remedy'],
  PERMIT_NOT_YET_VALID: ['the permit is not valid yet', '放行凭证尚未生效', 'compare the clocks of cloud and exporter, then clear the transfer again', '请核对云端与出境端的时钟，然后重新放行', 'after-remedy'],
  PERMIT_EXPIRED: ['the permit has expired', '放行凭证已过期', ...CLEAR_AGAIN, 'after-remedy'],
  PERMIT_REVOKED: ['the cloud has withdrawn the permit: what it rested on no longer holds', '云端已撤回放行凭证：其依据已失效', 'see `tongguan transfer show` for the rule that fell; put that right and ask for the transfer anew', '请用 `tongguan transfer show` 查看失效的规则，补正后重新申请', 'after-remedy'],
  PERMIT_CHANGED: ['the permit is not the one under which this transfer was begun', '放行凭证与该次出境开始时所用的不同', ...KEEP_EVIDENCE, 'after-remedy'],
  RECIPIENT_UNKNOWN: ['the recipient of the permit is not in this exporter\'s list', '放行凭证中的接收方不在本出境端名单内', ...CHECK_REGISTER, 'after-remedy'],
  RECIPIENT_CERTIFICATE: ['the permit pins another certificate than this exporter does', '放行凭证所绑定的证书与出境端登记不同', ...CHECK_REGISTER, 'after-remedy'],
  RECIPIENT_ENDPOINT: ['the permit names another endpoint than this exporter does', '放行凭证中的接收地址与出境端登记不同', ...CHECK_REGISTER, 'after-remedy'],
  RECIPIENT_SEAL: ['the permit names another key for sealing than this exporter does, or none where one is wanted', '放行凭证所列封装密钥与出境端不符，或缺少应有的密钥', ...CHECK_SEALING, 'after-remedy'],
  // The parcel
  MANIFEST_MISSING: ['the parcel has no manifest', '包裹没有清单', ...CLEAR_AGAIN, 'after-remedy'],
  MANIFEST_HASH: ['the manifest is not the one that was cleared', '清单与放行时不一致', ...KEEP_EVIDENCE, 'after-remedy'],
  MANIFEST_MALFORMED: ['the manifest is not valid', '清单无效', ...CLEAR_AGAIN, 'after-remedy'],
  PARCEL_NOT_A_DIRECTORY: ['the entry in the outbox is not a plain directory', '发件目录中的条目不是普通目录', ...KEEP_EVIDENCE, 'after-remedy'],
  PARCEL_FILE_MISSING: ['a file of the manifest is missing', '缺少清单所列文件', ...CLEAR_AGAIN, 'after-remedy'],
  PARCEL_FILE_HASH: ['a file is not the one that was cleared', '文件与放行时不一致', ...KEEP_EVIDENCE, 'after-remedy'],
  PARCEL_FILE_NAME: ['a file name has a character outside the safe alphabet', '文件名含有不允许的字符', ...CLEAR_AGAIN, 'after-remedy'],
  PARCEL_EXTRA_FILE: ['there is a file that the manifest does not name', '存在清单未列出的文件', ...KEEP_EVIDENCE, 'after-remedy'],
  PARCEL_NOT_A_FILE: ['an entry is a link, a directory or a device, not a plain file', '条目是链接、目录或设备，而不是普通文件', ...KEEP_EVIDENCE, 'after-remedy'],
  PARCEL_TOO_MANY_FILES: ['the parcel has more files than allowed', '包裹文件数超过上限', 'split the dataset, or raise `limits.filesMax`', '请拆分数据集，或提高 `limits.filesMax`', 'after-remedy'],
  PARCEL_TOO_LARGE: ['the parcel is larger than allowed', '包裹大小超过上限', 'split the dataset, or raise `limits.parcelBytesMax`', '请拆分数据集，或提高 `limits.parcelBytesMax`', 'after-remedy'],
  PARCEL_NOT_SEALED: ['the parcel, or a file in it, is not sealed to the recipient', '包裹或其中的文件未封装给接收方', ...CHECK_SEALING, 'after-remedy'],
  PARCEL_SEALED_OTHERWISE: ['the parcel is sealed to another recipient, key or transfer', '包裹封装给了其他接收方、密钥或出境编号', ...CHECK_SEALING, 'after-remedy'],
  PARCEL_SEAL_SIGNATURE: ['the signature of the envelope is not the cloud\'s', '信封签名不是云端的签名', ...KEEP_EVIDENCE, 'after-remedy'],
  PARCEL_UNREADABLE: ['the parcel cannot be read at present', '暂时无法读取包裹', ...CHECK_DISK, 'later'],
  PARCEL_CHANGED: ['the parcel changed while it was being sent', '包裹在发送过程中被更改', ...KEEP_EVIDENCE, 'later'],
  // Sending
  EMERGENCY_STOP: ['an emergency stop is in force', '紧急停止生效中', 'lift the emergency stop once its cause is settled', '原因查清后再解除紧急停止', 'later'],
  SHUTDOWN: ['the exporter is being stopped', '出境端正在停止', 'start the exporter again: the transfer goes on under the same intent', '请重新启动出境端，该次出境将在同一意图下继续', 'later'],
  TRAFFIC_LOG: ['the traffic log cannot be written, so nothing may leave', '流量日志无法写入，因此不得发送任何数据', 'check disk space and rights of the traffic log, run `tongguan log verify`, then start the exporter again', '请检查流量日志的磁盘空间与权限，运行 `tongguan log verify`，然后重新启动出境端', 'after-remedy'],
  CAPTURE_UNWRITABLE: ['the traffic capture cannot be written, so nothing may leave', '流量留存无法写入，因此不得发送任何数据', ...CHECK_CAPTURE, 'later'],
  CAPTURE_LATE: ['the traffic capture is not durable in time, so nothing more may leave', '流量留存未能及时落盘，因此不得继续发送', ...CHECK_CAPTURE, 'later'],
  CAPTURE_FULL: ['the room for traffic captures is used up, so nothing may leave', '流量留存空间已用尽，因此不得发送任何数据', 'raise `capture.bytesMax` and have the disk for it; what the law keeps is not deleted early', '请提高 `capture.bytesMax` 并确保磁盘空间；法定期限内的留存不会提前删除', 'later'],
  CAPTURE_UNREADABLE: ['the secrets of the connection are not on record, so nobody could read its capture', '连接密钥未被记录，留存的流量将无法解析', 'report this with the version of Node', '请连同 Node 版本一并报告', 'later'],
  CAPTURE_DAMAGED: ['the list of captures is not as it was written', '流量留存清单与写入时不一致', 'keep the capture directory as evidence and find out who changed it; then begin an empty one', '请保留流量留存目录作为证据并查明改动来源，然后使用新的空目录', 'after-remedy'],
  RETURN_UNWRITABLE: ['the outcome cannot be handed back to the cloud', '无法将结果交回云端', ...CHECK_DISK, 'later'],
  OUTBOX_UNREADABLE: ['the outbox cannot be read', '无法读取发件目录', ...CHECK_DISK, 'later'],
  OUTBOX_HELD: ['another exporter serves this border directory, and would send the same parcels', '另一出境端正在使用此边界目录，会重复发送相同包裹', 'stop the other one, or give this one a border directory of its own: an outbox has one exporter with one traffic log', '请停止另一出境端，或为本出境端使用独立的边界目录：一个发件目录只对应一个出境端和一份流量日志', 'after-remedy'],
  OUTBOX_HOLD_UNKNOWN: ['nobody can tell whether another exporter serves this border directory', '无法判断是否有另一出境端正在使用此边界目录', 'check rights and disk space of `border.returns`; its file system has to take sockets', '请检查 `border.returns` 的权限与磁盘空间，其文件系统须支持套接字', 'after-remedy'],
  OUTBOX_STRANGERS: ['the outbox holds entries whose names are no transfer ids; they are never looked into', '发件目录中存在名称不是出境编号的条目，这些条目不会被读取', 'find out who put them there, and remove them', '请查明由何人放入，并将其移除', 'after-remedy'],
  RECIPIENT_UNREACHABLE: ['no connection to the recipient', '无法连接接收方', ...ASK_RECIPIENT, 'later'],
  RECIPIENT_CERTIFICATE_OTHER: ['the recipient showed another certificate than the registered one', '接收方出示的证书与登记不符', 'ask the recipient whether they changed it; register the new certificate and clear the transfer again, or treat it as an attack', '请向接收方确认是否更换证书：如是则登记新证书并重新放行，否则按攻击处置', 'later'],
  RECIPIENT_TLS: ['the TLS handshake with the recipient failed', '与接收方的 TLS 握手失败', 'compare the certificates, their dates and authorities on both sides; both must speak TLS 1.3', '请核对双方证书、有效期与签发机构；双方均须支持 TLS 1.3', 'later'],
  RECIPIENT_SLOW: ['the recipient takes what it is sent, or answers, too slowly', '接收方接收或应答过慢', ...ASK_RECIPIENT, 'later'],
  RECIPIENT_BROKE_OFF: ['the recipient ended the connection early or fell silent', '接收方提前断开或无响应', ...ASK_RECIPIENT, 'later'],
  RECIPIENT_ANSWER: ['the recipient answered with a fault', '接收方返回故障', ...ASK_RECIPIENT, 'later'],
  RECEIPT_INVALID: ['the receipt does not prove this delivery', '回执不能证明本次交付', 'ask the recipient for a receipt signed with the key of their registered certificate', '请接收方使用登记证书的密钥签署回执', 'later'],
  ATTEMPTS_EXHAUSTED: ['the transfer was attempted too often', '该次出境尝试次数过多', ...CLEAR_AGAIN, 'after-remedy'],
  // Answers to recipients that fetch
  PULL_AWAITED: ['the parcel waits for the recipient to fetch it', '包裹等待接收方前来获取', ...ASK_RECIPIENT, 'later'],
  PULL_UNKNOWN: ['there is nothing of this name for this recipient', '没有供该接收方获取的此名称内容', 'ask the sender whether the transfer was cleared, and is still permitted', '请向发送方确认该次出境是否已放行且仍然有效', 'later'],
  PULL_RANGE: ['the file has no such range', '文件没有该范围', 'ask with HEAD for the length of the file', '请用 HEAD 查询文件长度', 'after-remedy'],
  PULL_TOO_OFTEN: ['too many requests in this minute', '本分钟内请求过多', 'wait a minute, and ask for larger ranges', '请等待一分钟，并请求更大的范围', 'later'],
  PULL_CONNECTIONS_TOO_OFTEN: ['too many connections in this minute', '本分钟内连接过多', 'wait a minute, and ask for several things over one connection', '请等待一分钟，并在同一连接上发出多个请求', 'later'],
  PULL_BROKEN: ['serving a recipient broke off, and its connection with it', '向接收方提供数据时中断，其连接已断开', 'see the cause; the recipient may ask again for what it lacks', '请查看原因；接收方可重新请求所缺部分', 'later'],
  // Answers of the receiver
  EXPORTER_UNKNOWN: ['the client certificate is not in this receiver\'s list', '客户端证书不在接收端名单内', 'register the SHA-256 of the exporter\'s certificate in receiver.yaml', '请在 receiver.yaml 中登记出境端证书的 SHA-256', 'after-remedy'],
  REQUEST_INVALID: ['the request is not one of this interface', '请求不符合本接口', 'compare the request with docs/receiver.md', '请对照 docs/receiver.md 检查请求', 'never'],
  LENGTH_REQUIRED: ['the request does not say its length', '请求未声明长度', 'send a content-length', '请发送 content-length', 'never'],
  FILE_BROKEN_OFF: ['the file did not arrive whole', '文件未完整到达', ...SEND_AGAIN, 'now'],
  FILE_OFFSET: ['the file goes on at another place than it ended', '续传位置与已收到的长度不符', 'ask with HEAD how much has arrived, and go on from there', '请用 HEAD 查询已收到的长度，并从该处继续', 'now'],
  TRANSFER_BUSY: ['the transfer is being completed', '该次出境正在结束处理', 'wait for the answer to `complete`', '请等待 complete 的结果', 'later'],
  TRANSFER_ALREADY_RECEIVED: ['the transfer was received before', '该次出境此前已收到', 'ask for the receipt with `complete`', '请通过 complete 获取回执', 'never'],
  TRANSFER_OTHER_PARCEL: ['the transfer was received before with another manifest', '该次出境此前已以另一清单收到', ...KEEP_EVIDENCE, 'never'],
  STAGING_FULL: ['too many transfers are under way', '进行中的出境过多', 'complete or clear away the transfers in staging', '请完成或清理暂存中的出境', 'later'],
  STORE_UNWRITABLE: ['the parcel cannot be stored', '无法保存包裹', ...CHECK_DISK, 'later'],
  PARCEL_INCOMPLETE: ['not all files of the manifest have arrived', '清单所列文件尚未到齐', ...SEND_AGAIN, 'now'],
} as const satisfies Readonly<Record<string, FaultRow>>;

export type ExporterFaultCode = keyof typeof FAULT_ROWS;
