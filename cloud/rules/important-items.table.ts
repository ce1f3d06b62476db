import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { ItemRow } from '../classification/item.ts';
import type { Citation } from '../transfer/rule.ts';

/**
 * Items of important data. The consultation draft of June 2025 has 26 categories and 49 items, numbered here as they stand
 * there; the final text has 27 and 51, so one category and two items have not been read. They are the holes at the end:
 * without a number, a kind and a clause, and never evaluated as anything but unknown.
 *
 * One cell of the draft spans several rows; the groups 1-3, 4-12, 13-15, 16-18, 20-22, 26-27, 32-40, 41-43 and 45-46 are our
 * reading of such cells, 4-12 and 32-40 the least certain (reading C16).
 */
const from = '2026-02-03' as CivilDate;

const draft = { from, precondition: [], confidence: 'official-draft-2025', status: 'draft-2025' } as const;

/** Sections II(1) to II(5), with the number of the item as counted over all five. */
const at = (section: number, number: number): { number: number; citation: Citation } => ({
  number,
  citation: {
    instrument: 'D25',
    article: `II(${section}), item ${number} as counted`,
    articleZh: `二（${'一二三四五'[section - 1] ?? ''}）第${number}项（序号为本产品所计）`,
  },
});

const BRANCH: Readonly<Record<'rd' | 'test' | 'production' | 'automation' | 'upgrade' | 'connected', Bilingual>> = {
  rd: { en: 'R&D, product design', zh: '研发设计·产品研发' },
  test: { en: 'R&D, product test', zh: '研发设计·产品测试' },
  production: { en: 'production', zh: '生产制造' },
  automation: { en: 'driving automation', zh: '驾驶自动化' },
  upgrade: { en: 'software upgrade', zh: '软件升级' },
  connected: { en: 'connected operation', zh: '联网运行' },
};

const rd = { ...draft, scenario: BRANCH.rd, anyOf: ['nat-proj'] } as const;

// biome-ignore format: one item a line
const DEVELOPMENT: readonly ItemRow[] = [
  { ...rd, ...at(1, 1), id: 'important-01', kinds: ['BOM'], category: { en: 'bill of materials', zh: '物料清单' }, title: { en: 'design bill of materials', zh: '设计物料清单' } },
  { ...rd, ...at(1, 2), id: 'important-02', kinds: ['DOC'], category: { en: 'R&D documents', zh: '研发文档' }, title: { en: 'models, drawings, plans and test reports', zh: '模型、图纸、方案、测试报告' } },
  { ...rd, ...at(1, 3), id: 'important-03', kinds: ['SRC'], category: { en: 'development source code', zh: '开发源代码' }, title: { en: 'source code of products and technology', zh: '产品、技术源代码' } },
];

/** Clauses of the scene data of product tests and of what vehicles perceive of the road. */
const SCENE = ['sens-area', 'geo-secret', 'econ-30d', 'law-enf', 'face32', 'plate16', 'fleet-100k'] as const;

const test = { ...draft, scenario: BRANCH.test, anyOf: SCENE } as const;
const labelled = { ...test, category: { en: 'labelled scene data', zh: '标注场景数据' } } as const;
const simulated = { ...test, category: { en: 'simulation scene data', zh: '仿真场景数据' } } as const;

// biome-ignore format: one item a line
const PRODUCT_TEST: readonly ItemRow[] = [
  { ...labelled,  ...at(1, 4),  id: 'important-04', kinds: ['CAM-EXT'],               title: { en: 'labelled images', zh: '图像标注数据' } },
  { ...labelled,  ...at(1, 5),  id: 'important-05', kinds: ['POINTCLOUD'],            title: { en: 'labelled point clouds', zh: '点云标注数据' } },
  { ...labelled,  ...at(1, 6),  id: 'important-06', kinds: ['CAM-EXT', 'POINTCLOUD'], title: { en: 'multimodal labels', zh: '多模态标注数据' } },
  { ...simulated, ...at(1, 7),  id: 'important-07', kinds: ['MAP'],                   title: { en: 'road-network files: topology and attributes', zh: '路网文件（拓扑、属性）' } },
  { ...simulated, ...at(1, 8),  id: 'important-08', kinds: ['MAP'],                   title: { en: 'environment files: facilities, lanes and signs', zh: '环境文件（设施、车道、标志）' } },
  { ...simulated, ...at(1, 9),  id: 'important-09', kinds: ['TRACK'],                 title: { en: 'traffic-flow files', zh: '交通流文件' } },
  { ...simulated, ...at(1, 10), id: 'important-10', kinds: ['CAM-EXT', 'MAP'],        title: { en: 'synthetic files', zh: '合成文件' } },
  { ...simulated, ...at(1, 11), id: 'important-11', kinds: ['CAN', 'CAM-EXT'],        title: { en: 're-injection (replay) files', zh: '回灌文件' } },
  { ...test,      ...at(1, 12), id: 'important-12', kinds: ['TRACK', 'VIDEO-EXT'],    category: { en: 'test scene data', zh: '测试场景数据' }, title: { en: 'scene files: accidents, danger and corner cases', zh: '场景文件（事故、危险、边缘场景）' } },
];

const production = { ...draft, scenario: BRANCH.production, anyOf: ['nat-proj', 'export-tech'] } as const;
const controlSource = {
  ...production,
  category: { en: 'production control source code', zh: '生产控制源代码' },
} as const;

// biome-ignore format: one item a line
const PRODUCTION: readonly ItemRow[] = [
  { ...production,    ...at(2, 13), id: 'important-13', kinds: ['BOM'], category: { en: 'bill of materials', zh: '物料清单' }, title: { en: 'process bill of materials', zh: '工艺物料清单' } },
  { ...controlSource, ...at(2, 14), id: 'important-14', kinds: ['SRC'], title: { en: 'source code of CNC control', zh: '数控机床控制源代码' } },
  { ...controlSource, ...at(2, 15), id: 'important-15', kinds: ['SRC'], title: { en: 'source code of industrial-robot control', zh: '工业机器人控制源代码' } },
];

const automation = { ...draft, scenario: BRANCH.automation } as const;
const algorithm = {
  ...automation,
  anyOf: ['nat-proj', 'award-prov', 'sci-comp'],
  category: { en: 'algorithms', zh: '算法' },
} as const;
// biome-ignore format: one line as the items it belongs to
const POINT_CLOUD_FEATURES = ['nat-proj', 'award-prov', 'sens-area', 'geo-secret', 'econ-30d', 'law-enf', 'fleet-100k', 'km-50m', 'h-2000'] as const;
const TRAINING = [...POINT_CLOUD_FEATURES, 'pic-10m', 'vid-1m'] as const;
const training = { ...automation, category: { en: 'training data', zh: '训练数据' } } as const;
const fused = {
  ...training,
  precondition: ['fused'],
  anyOf: ['sens-area', 'geo-secret', 'econ-30d', 'law-enf', 'fleet-100k'],
} as const;
const feature = { ...automation, category: { en: 'feature data', zh: '特征数据' } } as const;

// biome-ignore format: one item a line
const AUTOMATION: readonly ItemRow[] = [
  { ...algorithm, ...at(3, 16), id: 'important-16', kinds: ['ALGO', 'DOC'], title: { en: 'algorithm documents', zh: '算法文档' } },
  { ...algorithm, ...at(3, 17), id: 'important-17', kinds: ['SRC', 'ALGO'], title: { en: 'source code of AI algorithms that is not open source', zh: '非开源人工智能算法源代码' } },
  { ...algorithm, ...at(3, 18), id: 'important-18', kinds: ['ALGO'],        title: { en: 'parameters and weights', zh: '参数、权重' } },
  { ...training,  ...at(3, 19), id: 'important-19', anyOf: TRAINING, kinds: ['CAM-EXT', 'VIDEO-EXT'], title: { en: 'image and message sets: text, video, pictures, audio', zh: '图文数据集（文本、视频、图片、音频）' } },
  { ...fused,     ...at(3, 20), id: 'important-20', kinds: ['CAN'],         title: { en: 'driver-decision sets: gear, pedals, steering', zh: '驾驶员决策数据集（挡位、踏板、转向）' } },
  { ...fused,     ...at(3, 21), id: 'important-21', kinds: ['CAN'],         title: { en: 'system decision and planning sets, with torque', zh: '系统决策规划数据集（含扭矩）' } },
  { ...fused,     ...at(3, 22), id: 'important-22', kinds: ['COORD', 'ALT', 'IMU', 'CAN'], title: { en: 'running sets: position, altitude, attitude, speed, rates and accelerations', zh: '运行数据集（经纬度、高程、姿态、速度、角速度、加速度）' } },
  { ...feature,   ...at(3, 23), id: 'important-23', anyOf: TRAINING, kinds: ['CAM-EXT'], title: { en: 'image features: signs, lines, vehicles, pedestrians', zh: '图像特征（标志、标线、车辆、行人）' } },
  { ...feature,   ...at(3, 24), id: 'important-24', anyOf: POINT_CLOUD_FEATURES, kinds: ['POINTCLOUD'], title: { en: 'point-cloud features: positions in space and shapes', zh: '点云特征（三维位置、形状）' } },
];

// All of the conditions have to hold. SAFE_DRIVING_FUNCTIONS lists the functions; near-field communication is NFCIP-1, inductive
// coupling at 13.56 MHz (G26 Note 8).
// biome-ignore format: one item a line
const UPGRADE: readonly ItemRow[] = [
  { ...draft, ...at(4, 25), id: 'important-25', scenario: BRANCH.upgrade, kinds: ['SRC', 'OTA-PKG'],
    precondition: ['upgrade-in-china', 'remote-beyond-nfc'], anyOf: ['safe-driving'],
    category: { en: 'software upgrade data', zh: '软件升级数据' }, title: { en: 'source code of upgrade packages for safe driving', zh: '安全驾驶升级包源代码' } },
];

const connected = { ...draft, scenario: BRANCH.connected } as const;
const vehicle = {
  ...connected,
  category: { en: 'vehicle identification', zh: '车辆标识数据' },
  anyOf: ['identified-1m'],
} as const;
const keys = { ...connected, category: { en: 'vehicle keys', zh: '车辆密钥' }, anyOf: ['keys-100k'] } as const;
const perception = { ...connected, anyOf: SCENE } as const;
const imagery = { ...perception, category: { en: 'exterior real-scene imagery', zh: '车外实景影像' } } as const;
const radar = { ...perception, category: { en: 'radar data', zh: '雷达数据' } } as const;
const positions = { ...perception, category: { en: 'position and track', zh: '位置轨迹' } } as const;

// biome-ignore format: one item a line
const VEHICLE: readonly ItemRow[] = [
  { ...vehicle, ...at(5, 26), id: 'important-26', kinds: ['VIN'],    title: { en: 'vehicle id: VIN, raw or as a pseudonym that can be undone', zh: '车辆标识（VIN，原始或可还原的假名）' } },
  { ...vehicle, ...at(5, 27), id: 'important-27', kinds: ['SIM-ID'], title: { en: 'network-card id: IMEI, IMSI, ICCID', zh: '网卡标识（IMEI、IMSI、ICCID）' } },
  { ...keys,    ...at(5, 28), id: 'important-28', kinds: ['KEY'],    title: { en: 'symmetric keys', zh: '对称密钥' } },
  { ...keys,    ...at(5, 29), id: 'important-29', kinds: ['KEY'],    title: { en: 'private keys of asymmetric pairs', zh: '非对称私钥' } },
  { ...connected, ...at(5, 30), id: 'important-30', kinds: ['CERT'], anyOf: ['certificates-100k'], category: { en: 'digital certificates', zh: '数字证书' }, title: { en: 'root, intermediate, enrolment and user certificates', zh: '根证书、中间证书、注册证书、用户证书' } },
  { ...connected, ...at(5, 31), id: 'important-31', kinds: ['CMD'],  anyOf: ['controls-vehicle'],  category: { en: 'control commands', zh: '控制指令' }, title: { en: 'commands for doors, start, steering, acceleration, brakes, battery and remote parking', zh: '车门、启动、转向、加速、制动、电池管理、遥控泊车指令' } },
];

// biome-ignore format: one item a line
const PERCEPTION: readonly ItemRow[] = [
  { ...imagery,    ...at(5, 32), id: 'important-32', kinds: ['CAM-EXT'],        title: { en: 'pictures, from vehicle or roadside', zh: '图片（车端或路侧）' } },
  { ...imagery,    ...at(5, 33), id: 'important-33', kinds: ['VIDEO-EXT'],      title: { en: 'videos', zh: '视频' } },
  { ...radar,      ...at(5, 34), id: 'important-34', kinds: ['POINTCLOUD'],     title: { en: 'point clouds', zh: '点云' } },
  { ...radar,      ...at(5, 35), id: 'important-35', kinds: ['RADAR-OBJ'],      title: { en: 'structured targets: identity, position, motion, attributes', zh: '结构化目标（标识、位置、运动、属性）' } },
  { ...positions,  ...at(5, 36), id: 'important-36', kinds: ['COORD', 'TRACK'], title: { en: 'positioning in time and space: GNSS speed, time stamp, carrier, pseudo-range, longitude and latitude', zh: '时空定位（卫星定位速度、时间戳、载波、伪距、经纬度）' } },
  { ...positions,  ...at(5, 37), id: 'important-37', kinds: ['ALT'],            title: { en: 'elevation of the vehicle', zh: '车辆高程' } },
  { ...perception, ...at(5, 38), id: 'important-38', kinds: ['IMU'],            category: { en: 'inertial navigation', zh: '惯性导航' }, title: { en: 'speed, yaw and position in a navigation frame', zh: '导航坐标系下的速度、航向、位置' } },
  { ...perception, ...at(5, 39), id: 'important-39', kinds: ['MAP'],            category: { en: 'map for automated driving', zh: '自动驾驶地图' }, title: { en: 'data sets that guide from origin to destination', zh: '由起点引导至终点的数据集' } },
  { ...perception, ...at(5, 40), id: 'important-40', kinds: ['MAP'],            category: { en: 'map-building data', zh: '构图数据' }, title: { en: 'vectors that relate to coordinates', zh: '与坐标相关的矢量数据' } },
];

const roadside = { ...connected, category: { en: 'fused computation', zh: '融合计算' } } as const;
const FLOW = ['sens-area', 'geo-secret', 'law-enf', 'econ-30d'] as const;
const platform = {
  ...connected,
  anyOf: ['platform-1m', 'platform-500k-upgrade'],
  category: { en: 'network planning', zh: '网络规划' },
} as const;
const charging = { ...connected, category: { en: 'charging operation', zh: '充电运营' } } as const;

// biome-ignore format: one item a line
const ANALYSIS_AND_PLATFORM: readonly ItemRow[] = [
  { ...roadside, ...at(5, 41), id: 'important-41', anyOf: FLOW, kinds: ['ROADSIDE'],          title: { en: 'flow of people', zh: '人流' } },
  { ...roadside, ...at(5, 42), id: 'important-42', anyOf: FLOW, kinds: ['ROADSIDE', 'TRACK'], title: { en: 'flow of vehicles', zh: '车流' } },
  { ...roadside, ...at(5, 43), id: 'important-43', anyOf: FLOW, kinds: ['POINTCLOUD'],        title: { en: 'imaging of targets: coordinates of surface points in space', zh: '目标成像（表面点三维坐标）' } },
  { ...roadside, ...at(5, 44), id: 'important-44', anyOf: ['sens-area', 'law-enf', 'junction-month'], kinds: ['ROADSIDE'], title: { en: 'traffic indicators: queues, junction flow, green time, spill-back', zh: '交通指标（排队、路口流量、绿灯时长、溢出）' } },
  { ...platform, ...at(5, 45), id: 'important-45', kinds: ['PLATFORM-CFG'], title: { en: 'configuration of assets: versions, IP addresses, ports, log-ins', zh: '资产配置（版本、IP、端口、登录信息）' } },
  { ...platform, ...at(5, 46), id: 'important-46', kinds: ['PLATFORM-CFG'], title: { en: 'topology: edge devices, zones, internal IP addresses', zh: '网络拓扑（边界设备、分区、内网 IP）' } },
  { ...charging, ...at(5, 47), id: 'important-47', anyOf: ['sens-area-site'], kinds: ['CHARGE-SITE', 'COORD'], title: { en: 'places of chargers and stations', zh: '充电桩、充电站位置' } },
  { ...charging, ...at(5, 48), id: 'important-48', anyOf: ['fleet-100k'],  kinds: ['CHARGE', 'CAN'],        title: { en: 'state of charging: power, current, voltage, battery temperature and health', zh: '充电状态（功率、电流、电压、电池温度、电池健康度）' } },
  { ...charging, ...at(5, 49), id: 'important-49', anyOf: ['charging-1m'], kinds: ['CHARGE'],               title: { en: 'consumption of charging: account, times, site, energy, fee', zh: '充电消费（账户、时间、地点、电量、费用）' } },
];

const hole = {
  from,
  precondition: [],
  anyOf: [],
  kinds: [],
  confidence: 'law-firm',
  status: 'final-2026',
  scenario: { en: 'not read', zh: '未读到原文' },
  category: { en: 'not read; one category of the final text is unknown', zh: '未读到原文；最终文本有一个类别未知' },
  citation: { instrument: 'G26', article: 'II', articleZh: '二' },
} as const;

// biome-ignore format: one item a line
const UNREAD: readonly ItemRow[] = [
  { ...hole, id: 'important-unread-1', title: { en: 'an item of the final text that has not been read', zh: '最终文本中未读到的第一项' } },
  { ...hole, id: 'important-unread-2', title: { en: 'another item of the final text that has not been read', zh: '最终文本中未读到的第二项' } },
];

export const IMPORTANT_ITEMS: readonly ItemRow[] = [
  ...DEVELOPMENT,
  ...PRODUCT_TEST,
  ...PRODUCTION,
  ...AUTOMATION,
  ...UPGRADE,
  ...VEHICLE,
  ...PERCEPTION,
  ...ANALYSIS_AND_PLATFORM,
  ...UNREAD,
];
