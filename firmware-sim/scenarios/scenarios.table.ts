import { bilingual } from '../../proto/words/fault.ts';
import type { Expectation, Scenario } from './scenario.ts';

/** What holds of whatever a vehicle sends, whatever it drives through. */
const CLEAN: readonly Expectation[] = [
  { figure: 'precise-values', is: 0 },
  { figure: 'vins-outside', is: 0 },
  { figure: 'frames-quarantined', is: 0 },
  { figure: 'frames-waiting', is: 0 },
];

const ON_THE_ROAD: readonly Scenario[] = [
  {
    id: 'city-day',
    title: bilingual('A day in the city', '城市一日'),
    about: bilingual(
      'people drive to work and home; cameras take pictures outside and in the cabin, a microphone is tried, the network comes and goes',
      '人们通勤往返；相机拍摄车外与车内，尝试录音，网络时断时续',
    ),
    seed: 'city-day-1',
    size: { short: 1, long: 20 },
    guards: ['position-', 'strip-identifiers', 'allow-signals', 'tag-subject', 'imagery-'],
    expects: [
      ...CLEAN,
      { figure: 'trips-driven', atLeast: 2 },
      { figure: 'trip-rows', atLeast: 2 },
      { figure: 'cells', atLeast: 1 },
      { figure: 'signal-frames', atLeast: 100 },
      { figure: 'removed-identifier', atLeast: 1 },
      { figure: 'removed-position', atLeast: 1 },
      { figure: 'pictures-exterior', atLeast: 1 },
      { figure: 'pictures-cabin', is: 0 },
      { figure: 'removed-cabin', atLeast: 1 },
      { figure: 'refused-lines', atLeast: 1 },
    ],
  },
  {
    id: 'motorway',
    title: bilingual('A trip on the motorway', '高速长途'),
    about: bilingual('300 km from one city to another without a stop', '不停车行驶 300 公里至另一城市'),
    seed: 'motorway-1',
    size: { short: 1, long: 8 },
    guards: ['position-'],
    expects: [
      ...CLEAN,
      { figure: 'trips-driven', atLeast: 1 },
      { figure: 'trip-rows', atLeast: 1 },
      { figure: 'rows-off', is: 0 },
      { figure: 'cells', atLeast: 20 },
    ],
  },
  {
    id: 'along-fence',
    title: bilingual('A drive along a fence', '沿围栏行驶'),
    about: bilingual(
      'a vehicle passes a sensitive area, takes pictures and sweeps of its surroundings on the way, and goes round it',
      '车辆绕行敏感区域，沿途拍摄影像并扫描周围环境',
    ),
    seed: 'along-fence-1',
    size: { short: 1, long: 10 },
    guards: ['fence-senses', 'position-'],
    expects: [
      ...CLEAN,
      { figure: 'cells', atLeast: 1 },
      { figure: 'cells-in-fence', is: 0 },
      { figure: 'pictures-in-fence', is: 0 },
      { figure: 'pictures-exterior', atLeast: 1 },
      { figure: 'removed-imagery', atLeast: 1 },
    ],
  },
  {
    id: 'parked-month',
    title: bilingual('Parked for a month', '停放一个月'),
    about: bilingual(
      'a vehicle stands in a garage; its receiver wakes up and jitters, its network sleeps, its battery runs low and the power goes',
      '车辆停放车库；接收机偶尔唤醒并漂移，网络休眠，蓄电池亏电断电',
    ),
    seed: 'parked-month-1',
    size: { short: 30, long: 365 },
    guards: ['tag-subject'],
    expects: [
      ...CLEAN,
      { figure: 'trip-rows', is: 0 },
      { figure: 'cells', is: 0 },
      { figure: 'signal-frames', atLeast: 1 },
      { figure: 'epochs', atLeast: 1 },
    ],
  },
  {
    id: 'tunnel',
    title: bilingual('Through a tunnel', '穿越隧道'),
    about: bilingual(
      'the fix is lost for minutes, then leaps far away, then comes back; the clock is wrong until the first fix',
      '定位丢失数分钟，随后跳变，再恢复；首次定位前时钟有误',
    ),
    seed: 'tunnel-1',
    size: { short: 1, long: 20 },
    guards: ['position-'],
    expects: [
      ...CLEAN,
      { figure: 'trips-driven', atLeast: 2 },
      { figure: 'trip-rows', atLeast: 2 },
      { figure: 'rows-off', is: 0 },
      { figure: 'position-leaps', atLeast: 1 },
      { figure: 'times-refused', atLeast: 1 },
    ],
  },
  {
    id: 'eventful-day',
    title: bilingual('Two drivers, a fault, two charges, a collision', '两名驾驶人、一次故障、两次充电、一次碰撞'),
    about: bilingual(
      'a shared car: its clock is wrong until it is told the time, a control unit sets a code, it charges, senses its surroundings, and a collision cuts its power in the middle of a write',
      '共用车辆：对时前时钟有误，控制器记录故障码，两次充电，持续感知周围环境，碰撞使写入中断电',
    ),
    seed: 'eventful-day-1',
    size: { short: 1, long: 20 },
    guards: ['allow-signals', 'point-cloud-', 'objects-', 'strip-identifiers'],
    expects: [
      ...CLEAN,
      { figure: 'epochs', atLeast: 1 },
      { figure: 'charges', atLeast: 2 },
      { figure: 'times-long-past', atLeast: 5 },
      { figure: 'trouble-codes', atLeast: 1 },
      { figure: 'charge-values', atLeast: 100 },
      { figure: 'persons-named', is: 0 },
      { figure: 'stations-named', is: 0 },
      { figure: 'freeze-values', is: 0 },
      { figure: 'crash-values', is: 0 },
      { figure: 'removed-identifier', atLeast: 1 },
      { figure: 'point-clouds', atLeast: 1 },
      { figure: 'object-counts', atLeast: 1 },
      { figure: 'removed-mapped-cloud', atLeast: 1 },
      { figure: 'pictures-exterior', atLeast: 1 },
      { figure: 'refused-lines', atLeast: 1 },
    ],
  },
];

const LIARS: readonly Scenario[] = [
  {
    id: 'false-updates',
    title: bilingual('Updates that are not what they say', '名不副实的软件升级'),
    about: bilingual(
      'somebody with a place on the downlink offers a vehicle campaigns of another key, of another vehicle, for another control unit, of an old version and of a time that is over',
      '有人通过下行链路向车辆投递他人密钥、他车、其他电控单元、旧版本及过期的升级活动',
    ),
    seed: 'false-updates-1',
    size: { short: 1, long: 10 },
    guards: ['updates.signature', 'updates.vehicle', 'updates.ecu', 'updates.version', 'updates.expired'],
    expects: [
      { figure: 'update-refusals', is: 'signature vehicle ecu version expired' },
      { figure: 'false-updates', is: 0 },
      { figure: 'ecus-broken', is: 0 },
      { figure: 'frames-quarantined', is: 0 },
    ],
  },
  {
    id: 'lying-vehicle',
    title: bilingual('A vehicle that lies', '说谎的车辆'),
    about: bilingual(
      'an agent that was tampered with hides coordinates in other fields, names another VIN, sends frames again, under false tags and of long ago',
      '被篡改的终端代理把坐标藏入其他字段、冒用他车识别代号、重放数据帧、使用虚假标签并伪造久远时间',
    ),
    seed: 'lying-vehicle-1',
    size: { short: 1, long: 50 },
    guards: ['recheck', 'age'],
    expects: [
      { figure: 'frames-quarantined', atLeast: 10 },
      { figure: 'lies-believed', is: 0 },
      { figure: 'frames-sent-twice', atLeast: 1 },
      { figure: 'alerts', atLeast: 4 },
    ],
  },
  {
    id: 'stolen-account',
    title: bilingual("A stolen integrator's account", '被盗用的集成商账户'),
    about: bilingual(
      'somebody with the account of an integrator asks for tracks, approves what it asked for itself, and reads from abroad',
      '有人用集成商账户申请轨迹数据、自批自请，并试图从境外读取',
    ),
    seed: 'stolen-account-1',
    size: { short: 12, long: 60 },
    guards: ['four-eyes'],
    expects: [
      { figure: 'outcome', is: 'withheld' },
      { figure: 'outcome-own', is: 'awaiting-approval under exemption-5' },
      { figure: 'in-outbox', is: 0 },
      { figure: 'refusals', atLeast: 5 },
      { figure: 'alerts', atLeast: 2 },
    ],
  },
];

const AT_THE_BORDER: readonly Scenario[] = [
  {
    id: 'fleet-threshold',
    title: bilingual('The fleet that crosses a threshold', '车队越过数量阈值'),
    about: bilingual(
      'vehicle after vehicle sends its first frames; the last one makes the collection one of important data',
      '车辆逐一上报；最后一辆使数据集达到重要数据的数量条件',
    ),
    seed: 'fleet-threshold-1',
    size: { short: 50, long: 100_000 },
    guards: ['tally'],
    expects: [
      { figure: 'frames-quarantined', is: 0 },
      { figure: 'item-before', is: 'no-hit' },
      { figure: 'item-after', is: 'hit' },
    ],
  },
  {
    id: 'recall',
    title: bilingual('From a defect to the source code abroad', '从缺陷到源代码出境'),
    about: bilingual(
      'a defect is found, a recall begins, its campaign is filed and reaches the vehicles, source code is filed, and the supplier abroad gets what was filed under exemption 9',
      '发现缺陷、启动召回、升级活动备案后下发车辆、源代码备案，并依豁免第9项向境外供应商提供备案内容',
    ),
    seed: 'recall-1',
    size: { short: 3, long: 100 },
    guards: ['EX-9.state', 'EX-9.hash', 'updates.filings', 'updates.health', 'updates.parked', 'updates.window'],
    expects: [
      { figure: 'offered-before', is: 0 },
      { figure: 'updates-installed', atLeast: 2 },
      { figure: 'updates-rolled-back', is: 1 },
      { figure: 'update-power-cuts', atLeast: 3 },
      { figure: 'restarts-at-risk', is: 0 },
      { figure: 'ecus-broken', is: 0 },
      { figure: 'outcome-before', is: 'withheld' },
      { figure: 'outcome-other-tree', is: 'FILE_HASH_DIFFERS' },
      { figure: 'outcome', is: 'permitted under exemption-9' },
      { figure: 'outcome-after', is: 'withheld' },
      { figure: 'outcome-superseded', is: 'withheld' },
      { figure: 'in-outbox', is: 1 },
    ],
  },
  {
    id: 'vulnerability',
    title: bilingual('A vulnerability goes to who mends it', '漏洞信息提供给修复方'),
    about: bilingual(
      'a vulnerability is found, reported to the platform of the ministry, and goes abroad to whoever mends it under exemption 7',
      '发现漏洞、报送工信部平台，并依豁免第7项提供给境外修复方',
    ),
    seed: 'vulnerability-1',
    size: { short: 1, long: 10 },
    guards: ['EX-7.receipt', 'EX-7.dataset'],
    expects: [
      { figure: 'outcome-before', is: 'withheld' },
      { figure: 'outcome', is: 'permitted under exemption-7' },
      { figure: 'outcome-after', is: 'withheld' },
      { figure: 'outcome-changed-tree', is: 'withheld' },
      { figure: 'in-outbox', is: 1 },
    ],
  },
  {
    id: 'data-breach',
    title: bilingual('A data breach is handled abroad', '数据泄露事件的境外处置'),
    about: bilingual(
      'data is stolen, the incident is graded and reported to both authorities, and its traces go to who handles it under exemption 8',
      '数据泄露、事件定级并向两家主管部门报告，事件痕迹依豁免第8项提供给处置方',
    ),
    seed: 'data-breach-1',
    size: { short: 1, long: 10 },
    guards: ['EX-8.miit', 'EX-8.level'],
    expects: [
      { figure: 'outcome-before', is: 'withheld' },
      { figure: 'outcome', is: 'permitted under exemption-8' },
      { figure: 'outcome-after', is: 'withheld' },
      { figure: 'in-outbox', is: 1 },
    ],
  },
  {
    id: 'transit',
    title: bilingual('A foreign test fleet in transit', '境外测试车队数据过境'),
    about: bilingual(
      'what a test fleet collected abroad is processed here and goes back under exemption 1, unless something of the mainland went in',
      '境外测试车队采集的数据在境内处理后依豁免第1项返回，混入境内数据则不可',
    ),
    seed: 'transit-1',
    size: { short: 1, long: 10 },
    guards: ['EX-1.lineage', 'EX-1.outbound'],
    expects: [
      { figure: 'outcome-other-tree', is: 'FILE_HASH_DIFFERS' },
      { figure: 'outcome', is: 'permitted under exemption-1' },
      { figure: 'outcome-after', is: 'withheld' },
      { figure: 'outcome-changed-tree', is: 'withheld' },
      { figure: 'in-outbox', is: 1 },
    ],
  },
  {
    id: 'roadside-emergency',
    title: bilingual('An emergency by the roadside', '路侧紧急救援'),
    about: bilingual(
      'after a collision a maker abroad is asked for help; what the rescue needs goes under exemption 4 while the emergency lasts, and not an hour longer',
      '碰撞后向境外厂商求助；救援所需数据在紧急情况期间依豁免第4项提供，期满即止',
    ),
    seed: 'roadside-emergency-1',
    size: { short: 12, long: 120 },
    guards: ['EX-4.necessity'],
    expects: [
      { figure: 'frames-quarantined', is: 0 },
      { figure: 'outcome-before', is: 'withheld' },
      { figure: 'outcome', is: 'permitted under exemption-4' },
      { figure: 'outcome-after', is: 'withheld' },
      { figure: 'in-outbox', is: 1 },
    ],
  },
  {
    id: 'year-rollover',
    title: bilingual('The year ends', '跨年累计'),
    about: bilingual(
      'persons are counted until the last second of the year in Shanghai and from nought in the next',
      '人数按上海时间累计至年末最后一秒，新年度从零起算',
    ),
    seed: 'year-rollover-1',
    size: { short: 12, long: 200 },
    guards: ['count'],
    expects: [
      { figure: 'frames-quarantined', is: 0 },
      { figure: 'persons-before', atLeast: 12 },
      { figure: 'persons-after', is: 0 },
      { figure: 'persons-anew', atLeast: 12 },
    ],
  },
  {
    id: 'shared-cars',
    title: bilingual('Persons, not cars, are counted', '计人而非计车'),
    about: bilingual(
      'four persons are on file behind three cars, one of them behind two: each is counted once, and a car without anybody as one person',
      '三辆车登记四名驾驶人，其中一人驾两车：每人只计一次，无登记驾驶人的车辆按一人计',
    ),
    seed: 'shared-cars-1',
    size: { short: 12, long: 120 },
    guards: ['persons', 'count'],
    expects: [
      { figure: 'frames-quarantined', is: 0 },
      { figure: 'outcome', is: 'permitted under exemption-5' },
      { figure: 'persons-shared', is: 1 },
    ],
  },
];

/** Every situation, by its name on the command line. */
export const SCENARIOS: readonly Scenario[] = [...ON_THE_ROAD, ...LIARS, ...AT_THE_BORDER];
