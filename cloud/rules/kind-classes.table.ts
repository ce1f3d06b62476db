import type { CivilDate } from '../../proto/words/time.ts';
import type { KindRow } from './law-row.ts';

/**
 * What a kind of field is before anything else is known of it. field-kinds.table.ts has the part of this that facts are
 * held against; a test keeps the two alike. Personal classes presume that the data is linked to a vehicle or person.
 */
const from = '2026-02-03' as CivilDate;

const own = {
  from,
  confidence: 'own',
  status: 'product',
  citation: { instrument: 'TG', article: 'kinds of field', articleZh: '字段种类' },
} as const;
const geo = {
  from,
  confidence: 'official',
  status: 'official',
  citation: { instrument: 'M22', article: 'surveying activity', articleZh: '测绘行为的界定' },
} as const;
const sensitive = {
  from,
  confidence: 'official',
  status: 'official',
  citation: { instrument: 'SP21', article: 'art. 3', articleZh: '第3条' },
} as const;
const draft = {
  from,
  confidence: 'official-draft-2025',
  status: 'draft-2025',
  citation: { instrument: 'D25', article: 'II', articleZh: '二' },
} as const;

const n = (...numbers: readonly number[]) => numbers.map((number) => `important-${String(number).padStart(2, '0')}`);

// biome-ignore format: one kind a line
export const KIND_CLASSES: readonly KindRow[] = [
  { ...sensitive, id: 'COORD',      classes: ['sensitive', 'geographic'], items: n(22, 36, 47), edge: 'coarsened', title: { en: 'single positions', zh: '单点位置' }, edgeText: { en: 'coarsened; raw only in the domestic geographic zone where a purpose needs it', zh: '降精度；原始值仅在目的必需时存入境内测绘地理信息区' } },
  { ...sensitive, id: 'TRACK',      classes: ['sensitive', 'geographic'], items: n(9, 12, 36, 42), edge: 'stripped', title: { en: 'tracks', zh: '轨迹' }, edgeText: { en: 'stripped; trips without geometry', zh: '剔除；仅发送不含几何的行程汇总' } },
  { ...geo, id: 'ALT',              classes: ['geographic'], items: n(22, 37), edge: 'stripped', title: { en: 'altitude and elevation', zh: '高程' }, edgeText: { en: 'stripped', zh: '剔除' } },
  { ...geo, id: 'IMU',              classes: ['geographic'], items: n(22, 38), edge: 'stripped', title: { en: 'heading, attitude and rates', zh: '航向、姿态和角速度' }, edgeText: { en: 'absolute heading stripped; statistics stay', zh: '剔除绝对航向，保留统计值' } },
  { ...sensitive, id: 'CAM-EXT',    classes: ['sensitive', 'geographic'], items: n(4, 6, 10, 11, 19, 23, 32), edge: 'forbidden', title: { en: 'exterior pictures', zh: '车外图片' }, edgeText: { en: 'dropped, or faces and plates made unreadable first', zh: '丢弃，或先处理人脸和号牌' } },
  { ...sensitive, id: 'VIDEO-EXT',  classes: ['sensitive', 'geographic'], items: n(12, 19, 33), edge: 'forbidden', title: { en: 'exterior videos', zh: '车外视频' }, edgeText: { en: 'dropped', zh: '丢弃' } },
  { ...geo, id: 'POINTCLOUD',       classes: ['geographic'], items: n(5, 6, 24, 34, 43), edge: 'forbidden', title: { en: 'point clouds', zh: '点云' }, edgeText: { en: 'dropped; counts stay', zh: '丢弃，仅保留计数' } },
  { ...geo, id: 'RADAR-OBJ',        classes: ['geographic'], items: n(35), edge: 'forbidden', title: { en: 'objects seen by radar or camera', zh: '雷达、摄像头目标' }, edgeText: { en: 'dropped; counts stay', zh: '丢弃，仅保留计数' } },
  { ...geo, id: 'MAP',              classes: ['geographic'], items: n(7, 8, 10, 39, 40), edge: 'forbidden', title: { en: 'maps and lane vectors', zh: '地图、车道矢量' }, edgeText: { en: 'dropped', zh: '丢弃' } },
  { ...draft, id: 'CAN',            classes: ['personal'], items: n(11, 20, 21, 22, 48), edge: 'allowed', title: { en: 'vehicle signals', zh: '车辆信号' }, edgeText: { en: 'allowed under a pseudonym; not joined to imagery', zh: '假名化后允许；不与影像关联' } },
  { ...own, id: 'DTC',              classes: ['personal'], items: [], edge: 'allowed', title: { en: 'diagnostic trouble codes', zh: '故障码' }, edgeText: { en: 'allowed under a pseudonym; the Beijing list names after-sales data', zh: '假名化后允许；北京清单涉及售后数据' } },
  { ...draft, id: 'VIN',            classes: ['personal'], items: n(26), edge: 'pseudonymised', title: { en: 'vehicle identification numbers', zh: '车辆识别代号' }, edgeText: { en: 'keyed pseudonym; one that can be undone is still a VIN', zh: '加密钥假名；可还原的仍视为车辆识别代号' } },
  { ...draft, id: 'SIM-ID',         classes: ['personal'], items: n(27), edge: 'pseudonymised', title: { en: 'network-card ids: IMEI, IMSI, ICCID', zh: '网卡标识' }, edgeText: { en: 'keyed pseudonym', zh: '加密钥假名' } },
  { ...draft, id: 'KEY',            classes: ['important'], items: n(28, 29), edge: 'forbidden', title: { en: 'keys', zh: '密钥' }, edgeText: { en: 'never leave', zh: '不得出车' } },
  { ...draft, id: 'CERT',           classes: ['important'], items: n(30), edge: 'forbidden', title: { en: 'certificates with private material', zh: '含私密内容的证书' }, edgeText: { en: 'never leave', zh: '不得出车' } },
  { ...draft, id: 'CMD',            classes: ['important'], items: n(31), edge: 'forbidden', title: { en: 'control commands', zh: '控制指令' }, edgeText: { en: 'never without an assessment', zh: '未经评估不得出境' } },
  { ...draft, id: 'CHARGE',         classes: ['personal'], items: n(48, 49), edge: 'aggregated', title: { en: 'charging records', zh: '充电记录' }, edgeText: { en: 'aggregated; coordinates of sites dropped', zh: '汇总；剔除站点坐标' } },
  { ...draft, id: 'CHARGE-SITE',    classes: ['geographic'], items: n(47), edge: 'stripped', title: { en: 'places of charging', zh: '充电站点位置' }, edgeText: { en: 'tested against sensitive areas at home', zh: '在境内对照敏感区域判定' } },
  { ...draft, id: 'OTA-PKG',        classes: ['general'], items: n(25), edge: 'reviewed', title: { en: 'upgrade packages', zh: '升级包' }, edgeText: { en: 'reviewed; the item speaks of source code, binaries are not named', zh: '人工审核；判定项针对源代码，未提及二进制' } },
  { ...draft, id: 'SRC',            classes: ['general'], items: n(3, 14, 15, 17, 25), edge: 'forbidden', title: { en: 'source code', zh: '源代码' }, edgeText: { en: 'does not lie on a vehicle; exemption (9) for code of item 25 only', zh: '不在车端；第（9）项豁免仅适用于第25项代码' } },
  { ...draft, id: 'ALGO',           classes: ['general'], items: n(16, 17, 18), edge: 'forbidden', title: { en: 'algorithms, parameters and weights', zh: '算法、参数、权重' }, edgeText: { en: 'do not leave the vehicle', zh: '不得出车' } },
  { ...draft, id: 'BOM',            classes: ['general'], items: n(1, 13), edge: 'forbidden', title: { en: 'bills of materials', zh: '物料清单' }, edgeText: { en: 'do not lie on a vehicle', zh: '不在车端' } },
  { ...draft, id: 'DOC',            classes: ['general'], items: n(2, 16), edge: 'forbidden', title: { en: 'documents', zh: '文档' }, edgeText: { en: 'do not lie on a vehicle', zh: '不在车端' } },
  { ...sensitive, id: 'CABIN-AV',   classes: ['sensitive'], items: [], edge: 'forbidden', title: { en: 'sound and pictures of the cabin', zh: '座舱音视频' }, edgeText: { en: 'never without consent', zh: '未经同意不得出车' } },
  { ...sensitive, id: 'BIOMETRIC',  classes: ['sensitive'], items: [], edge: 'forbidden', title: { en: 'biometrics', zh: '生物特征' }, edgeText: { en: 'in the vehicle only', zh: '仅限车内' } },
  { ...draft, id: 'PLATFORM-CFG',   classes: ['general'], items: n(45, 46), edge: 'forbidden', title: { en: 'configuration and topology of platforms', zh: '平台配置和拓扑' }, edgeText: { en: 'does not lie on a vehicle; logs and support bundles of a large platform can be important data', zh: '不在车端；大型平台的日志和支持包可能属于重要数据' } },
  { ...draft, id: 'ROADSIDE',       classes: ['geographic'], items: n(41, 42, 44), edge: 'forbidden', title: { en: 'roadside flows and indicators', zh: '路侧流量和指标' }, edgeText: { en: 'does not lie on a vehicle', zh: '不在车端' } },
  { ...own, id: 'REGION',           classes: ['geographic'], items: [], edge: 'stripped', title: { en: 'labels of administrative regions', zh: '行政区划标注' }, edgeText: { en: 'only where it is set', zh: '仅在设定时' } },
  { ...own, id: 'STATISTIC',        classes: ['general'], items: [], edge: 'allowed', title: { en: 'figures over many vehicles', zh: '多车统计值' }, edgeText: { en: 'allowed', zh: '允许' } },
  { ...own, id: 'PERSON',           classes: ['personal'], items: [], edge: 'pseudonymised', title: { en: 'who somebody is: names, contacts, numbers, accounts', zh: '身份信息（姓名、联系方式、证件号码、账户）' }, edgeText: { en: 'keyed pseudonym', zh: '加密钥假名' } },
  { ...own, id: 'DEVICE-ID',        classes: ['personal'], items: [], edge: 'pseudonymised', title: { en: 'what names a device or a part', zh: '设备、零部件标识' }, edgeText: { en: 'keyed pseudonym', zh: '加密钥假名' } },
  { ...own, id: 'BEHAVIOUR',        classes: ['personal'], items: [], edge: 'stripped', title: { en: 'what somebody does with the car and its screens', zh: '用车及操作行为' }, edgeText: { en: 'stripped unless a policy names it', zh: '除策略列明外一律剔除' } },
];
