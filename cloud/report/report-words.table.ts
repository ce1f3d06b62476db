import type { DataClass } from '../../proto/words/data-class.ts';
import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { TransferState } from '../ports/transfer-register.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { LegalBasis, OnFileKind } from '../transfer/facts.ts';

/** What the ids of the code are called in a report: an authority reads no ids. What an operator named himself has no row. */

export const CLASS_WORDS: Readonly<Record<DataClass, Bilingual>> = {
  general: bilingual('general data', '一般数据'),
  personal: bilingual('personal information', '个人信息'),
  sensitive: bilingual('sensitive personal information', '敏感个人信息'),
  geographic: bilingual('surveying and mapping geographic information', '测绘地理信息'),
  important: bilingual('important data', '重要数据'),
  core: bilingual('core data', '核心数据'),
};

export const FIELD_KIND_WORDS: Readonly<Record<FieldKind, Bilingual>> = {
  COORD: bilingual('coordinates', '空间坐标'),
  TRACK: bilingual('tracks', '行踪轨迹'),
  ALT: bilingual('altitude', '高程'),
  IMU: bilingual('inertial data', '惯性测量数据'),
  'CAM-EXT': bilingual('exterior pictures', '车外图像'),
  'VIDEO-EXT': bilingual('exterior video', '车外视频'),
  POINTCLOUD: bilingual('point clouds', '点云'),
  'RADAR-OBJ': bilingual('radar objects', '雷达目标'),
  MAP: bilingual('map data', '地图数据'),
  CAN: bilingual('running data of the vehicle', '车辆运行数据'),
  DTC: bilingual('diagnostic trouble codes', '故障诊断码'),
  VIN: bilingual('vehicle identification numbers', '车辆识别代号'),
  'SIM-ID': bilingual('numbers of SIM and network', 'SIM卡及网络标识'),
  KEY: bilingual('keys', '密钥'),
  CERT: bilingual('certificates', '数字证书'),
  CMD: bilingual('control commands', '控制指令'),
  CHARGE: bilingual('charging data', '充电数据'),
  'CHARGE-SITE': bilingual('places of charging', '充电设施位置'),
  'OTA-PKG': bilingual('upgrade packages', '升级包'),
  SRC: bilingual('source code', '源代码'),
  ALGO: bilingual('algorithms', '算法'),
  BOM: bilingual('bills of materials', '物料清单'),
  DOC: bilingual('documents', '文档'),
  'CABIN-AV': bilingual('sound and pictures of the cabin', '车内音视频'),
  BIOMETRIC: bilingual('biometric data', '生物识别信息'),
  'PLATFORM-CFG': bilingual('configuration of platforms', '平台配置'),
  ROADSIDE: bilingual('roadside data', '路侧数据'),
  REGION: bilingual('administrative regions', '行政区域'),
  STATISTIC: bilingual('figures over many vehicles', '多车统计值'),
  PERSON: bilingual('identity and contact of persons', '个人身份与联系方式'),
  'DEVICE-ID': bilingual('identifiers of devices', '设备标识'),
  BEHAVIOUR: bilingual('behaviour of users', '用户行为数据'),
};

export const DOCUMENT_WORDS: Readonly<Record<OnFileKind, Bilingual>> = {
  notice: bilingual('notice to persons', '个人信息出境告知'),
  'separate-consent': bilingual('separate consent', '单独同意'),
  pipia: bilingual('personal information protection impact assessment', '个人信息保护影响评估'),
  'standard-contract': bilingual('standard contract', '个人信息出境标准合同'),
  certification: bilingual('certification of personal information export', '个人信息出境认证'),
  'security-assessment': bilingual('data-export security assessment', '数据出境安全评估'),
  'map-review': bilingual('map review', '地图审核'),
  'external-provision-approval': bilingual('approval of external provision', '对外提供审批'),
  'state-recognised-processing': bilingual('state-recognised confidentiality processing', '经国家认定的保密处理'),
  'exemption-1-evidence': bilingual('evidence of exemption (1)', '豁免情形（1）证据'),
  'exemption-2-evidence': bilingual('evidence of exemption (2)', '豁免情形（2）证据'),
  'exemption-3-evidence': bilingual('evidence of exemption (3)', '豁免情形（3）证据'),
  'exemption-4-evidence': bilingual('evidence of exemption (4)', '豁免情形（4）证据'),
  'exemption-6-evidence': bilingual('evidence of exemption (6)', '豁免情形（6）证据'),
  'exemption-7-evidence': bilingual('evidence of exemption (7)', '豁免情形（7）证据'),
  'exemption-8-evidence': bilingual('evidence of exemption (8)', '豁免情形（8）证据'),
  'exemption-9-evidence': bilingual('evidence of exemption (9)', '豁免情形（9）证据'),
};

/** Of a filing that has no number. */
export const FILING_WORDS: Readonly<Record<string, Bilingual>> = {
  'not-filed': bilingual('not filed', '未备案'),
  refused: bilingual('refused', '不予备案'),
  unknown: bilingual('unknown', '未知'),
};

export const BASIS_WORDS: Readonly<Record<LegalBasis | 'unknown', Bilingual>> = {
  consent: bilingual('consent', '取得个人同意'),
  contract: bilingual('a contract with the person', '订立、履行个人作为一方当事人的合同所必需'),
  'human-resources': bilingual('management of human resources', '实施人力资源管理所必需'),
  'statutory-duty': bilingual('a statutory duty', '履行法定职责或者法定义务所必需'),
  emergency: bilingual('an emergency', '应对突发事件或者紧急情况所必需'),
  'news-reporting': bilingual('news reporting', '新闻报道、舆论监督'),
  'published-information': bilingual('information that was published', '处理已公开的个人信息'),
  'other-law': bilingual('another law', '法律、行政法规规定的其他情形'),
  'not-applicable': bilingual('no personal information', '不涉及个人信息'),
  unknown: bilingual('unknown', '未知'),
};

export const STATE_WORDS: Readonly<Record<TransferState, Bilingual>> = {
  requested: bilingual('requested', '已申请'),
  'awaiting-approval': bilingual('waiting for approval', '待审批'),
  permitted: bilingual('permitted, not delivered yet', '已获准、未送达'),
  failed: bilingual('failed', '失败'),
  delivered: bilingual('delivered', '已送达'),
  refused: bilingual('refused at the border or by the recipient', '出口网关或接收方拒绝'),
  rejected: bilingual('rejected by an approver', '审批驳回'),
  lapsed: bilingual('approval not given in time', '审批超期'),
  revoked: bilingual('permit revoked', '凭证已撤销'),
  withheld: bilingual('withheld', '不予出境'),
};
