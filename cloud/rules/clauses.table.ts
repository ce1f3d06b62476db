import type { CivilDate } from '../../proto/words/time.ts';
import type { ClauseRow } from '../classification/item.ts';
import type { Citation } from '../transfer/rule.ts';

/**
 * Clauses by which data is important, as the consultation draft of June 2025 has them: the section of the final text that
 * defines important data has not been read, so whether the figures survived is unknown.
 *
 * 以上 takes its number in (`atLeast`); only the span at a junction is 超过 (`overMonths`). Clauses are evaluated on a dataset
 * and on the running aggregate. Figures state no window but where the id says so, and are counted without a yearly reset
 * (reading CNT-10).
 */
const day = (text: string) => text as CivilDate;

const d25 = (article: string, articleZh: string): Citation => ({ instrument: 'D25', article, articleZh });

/** The Guidelines that the draft became were published on this day. */
const draft = { from: day('2026-02-03'), confidence: 'official-draft-2025', status: 'draft-2025' } as const;

const IMAGES = d25('II(3), driving automation', '二（三）驾驶自动化');
const SHARED = d25('II, conditions of several items', '二、多项共用的判定条件');

// biome-ignore format: one clause a line
const PLACES: readonly ClauseRow[] = [
  { ...draft, id: 'sens-area', citation: SHARED, test: { finding: 'sensitive-area' },
    title: { en: 'relates to, or aggregation or analysis can infer, military zones, defence-science units or party and government bodies at county level or above', zh: '涉及或经汇聚、分析可推断军事管理区、国防科工单位以及县级以上党政机关等重要敏感区域' } },
  { ...draft, id: 'geo-secret', citation: SHARED, test: { finding: 'geo-secret' },
    title: { en: 'aggregation or analysis can infer classified or sensitive geographic information', zh: '经汇聚、分析可推断涉密、敏感地理信息' } },
  { ...draft, id: 'econ-30d', citation: SHARED, test: { all: [{ finding: 'prefecture-level-flow' }, { measure: 'flow-days', atLeast: 30 }] },
    title: { en: 'real vehicle, people or logistics flow that reflects the economy of a prefecture-level or larger area, over 30 days or more', zh: '反映地市级以上区域经济运行情况的真实道路车流、人流、物流，累计时间30天以上' } },
  { ...draft, id: 'law-enf', citation: SHARED, test: { finding: 'law-enforcement' },
    title: { en: 'relates to or can infer public-security administrative enforcement', zh: '涉及或可推断公安行政执法活动' } },
  { ...draft, id: 'face32', reading: { id: 'D5', position: 'taken' }, citation: SHARED, test: { measure: 'face-px', atLeast: 32 },
    title: { en: 'real faces outside of the vehicle, the lesser side of the box 32 pixels or more', zh: '车外真实人脸，目标框最小边32像素以上' } },
  { ...draft, id: 'plate16', reading: { id: 'D5', position: 'taken' }, citation: SHARED, test: { measure: 'plate-px', atLeast: 16 },
    title: { en: 'real plates of motor vehicles outside, the lesser side of the box 16 pixels or more', zh: '车外真实机动车号牌，目标框最小边16像素以上' } },
  { ...draft, id: 'fleet-100k', citation: SHARED, test: { measure: 'vehicles', atLeast: 100_000 },
    title: { en: 'collected by 100,000 or more vehicles that operate in China', zh: '由10万辆以上在中国境内运行的汽车采集' } },
];

// biome-ignore format: one clause a line
const PROJECTS: readonly ClauseRow[] = [
  { ...draft, id: 'nat-proj', citation: SHARED, test: { finding: 'national-project' },
    title: { en: 'listed in a national major project or key research programme', zh: '列入国家重大专项、重点研发计划' } },
  { ...draft, id: 'award-prov', citation: IMAGES, test: { finding: 'provincial-award' },
    title: { en: 'a related result in network or data security or driving automation won an award of provincial or ministerial level or above', zh: '相关网络和数据安全、驾驶自动化成果获省部级以上奖励' } },
  { ...draft, id: 'sci-comp', citation: IMAGES, test: { finding: 'science-competitiveness' },
    title: { en: 'may affect the security of national science or the competitiveness of industry', zh: '可能影响国家科技安全或产业竞争力' } },
  { ...draft, id: 'export-tech', citation: d25('II(2), production', '二（二）生产制造'), test: { finding: 'export-technology' },
    title: { en: 'matches control points of the catalogue of technologies whose export is prohibited or restricted', zh: '符合中国禁止出口限制出口技术目录控制要点' } },
];

// biome-ignore format: one clause a line
const IMAGERY: readonly ClauseRow[] = [
  { ...draft, id: 'km-50m', citation: IMAGES, test: { measure: 'km', atLeast: 50_000_000 },
    title: { en: 'raw pictures or videos of the real environment over 50,000,000 km or more', zh: '真实环境原始图片、影像，里程5000万公里以上' } },
  { ...draft, id: 'h-2000', citation: IMAGES, test: { measure: 'hours', atLeast: 2_000 },
    title: { en: 'raw pictures or videos of the real environment over 2,000 hours or more', zh: '真实环境原始图片、影像，时长2000小时以上' } },
  { ...draft, id: 'pic-10m', citation: IMAGES, test: { measure: 'pictures', atLeast: 10_000_000 },
    title: { en: '10,000,000 or more raw pictures', zh: '原始图片1000万张以上' } },
  { ...draft, id: 'vid-1m', citation: IMAGES, test: { measure: 'clips', atLeast: 1_000_000 },
    title: { en: '1,000,000 or more raw videos (reading C7: a clip or a frame)', zh: '原始影像100万个以上（单位为段或帧，见解释 C7）' } },
  { ...draft, id: 'fused', reading: { id: 'D6.fused', position: 'taken' }, citation: d25('II(3), driving automation', '二（三）驾驶自动化'), test: { finding: 'fused' },
    title: { en: 'fused or associated with exterior imagery or radar data', zh: '与车外影像、雷达数据融合、关联后的数据' } },
];

const UPGRADE = d25('II(4), software upgrade', '二（四）软件升级');
const VEHICLE = d25('II(5), connected operation, vehicle data', '二（五）联网运行·车辆数据');
const PLATFORM = d25('II(5), connected operation, platform operation', '二（五）联网运行·平台运营');

// biome-ignore format: one clause a line
const OPERATION: readonly ClauseRow[] = [
  { ...draft, id: 'upgrade-in-china', citation: UPGRADE, test: { finding: 'upgrades-vehicles-in-china' },
    title: { en: 'used to upgrade vehicles that run in China', zh: '用于升级在中国境内运行的汽车' } },
  { ...draft, id: 'remote-beyond-nfc', citation: UPGRADE, test: { finding: 'remote-control-beyond-nfc' },
    title: { en: 'concerns remote control by means other than near-field communication', zh: '涉及近场通信以外的远程控制' } },
  { ...draft, id: 'safe-driving', citation: UPGRADE, test: { finding: 'safe-driving-function' },
    title: { en: 'concerns a function of safe driving (the list is rows of its own)', zh: '涉及安全驾驶功能（清单另列）' } },
  { ...draft, id: 'identified-1m', citation: VEHICLE, test: { measure: 'persons-of-year', atLeast: 1_000_000 },
    title: { en: 'since 1 January and combined with other data provided abroad, identifies 1,000,000 or more persons', zh: '自当年1月1日起累计，与其他出境数据结合可识别100万以上自然人' } },
  { ...draft, id: 'keys-100k', reading: { id: 'D6.keys', position: 'taken' }, citation: VEHICLE, test: { measure: 'keyed-vehicles', atLeast: 100_000 },
    title: { en: 'keys for secure boot, diagnosis, update or communication of 100,000 or more vehicles in China', zh: '用于10万辆以上境内汽车安全启动、诊断、升级、通信的密钥' } },
  { ...draft, id: 'certificates-100k', reading: { id: 'D6.keys', position: 'taken' }, citation: VEHICLE, test: { measure: 'certified-vehicles', atLeast: 100_000 },
    title: { en: 'certificates for diagnosis, update or communication of 100,000 or more vehicles in China', zh: '用于10万辆以上境内汽车诊断、升级、通信的数字证书' } },
  { ...draft, id: 'controls-vehicle', citation: VEHICLE, test: { finding: 'controls-vehicle-in-china' },
    title: { en: 'controls any vehicle that runs in China', zh: '可控制在中国境内运行的任一汽车' } },
  { ...draft, id: 'junction-month', citation: d25('II(5), connected operation, vehicle-road analysis', '二（五）联网运行·车路分析'),
    test: { all: [{ measure: 'complete-junctions', atLeast: 1 }, { measure: 'junction-span-s', overMonths: 1 }] },
    title: { en: 'one complete junction or more, over a span of more than 1 month', zh: '覆盖1个以上完整路口且时间跨度超过1个月' } },
  { ...draft, id: 'platform-1m', citation: PLATFORM, test: { measure: 'platform-vehicles', atLeast: 1_000_000 },
    title: { en: 'of a platform that serves 1,000,000 or more vehicles in China', zh: '服务境内汽车100万辆以上的平台' } },
  { ...draft, id: 'platform-500k-upgrade', citation: PLATFORM,
    test: { all: [{ finding: 'online-upgrade' }, { measure: 'platform-vehicles', atLeast: 500_000 }, { finding: 'touches-power-chassis-or-driving' }] },
    title: { en: 'of a platform for online upgrade that serves 500,000 or more vehicles in China, with content that touches power, chassis or safe driving', zh: '具备在线升级功能、服务境内汽车50万辆以上的平台，且内容涉及动力、底盘或安全驾驶' } },
  { ...draft, id: 'charging-1m', citation: PLATFORM, test: { measure: 'persons-of-year', atLeast: 1_000_000 },
    title: { en: 'charging consumption of 1,000,000 or more persons since 1 January', zh: '自当年1月1日起累计100万以上自然人的充电消费数据' } },
];

// Clauses by the reading that is not the default; a recorded legal sign-off puts them in place of those above.
// biome-ignore format: one clause a line
const OTHERWISE: readonly ClauseRow[] = [
  { ...draft, id: 'face32', reading: { id: 'D5', position: 'other' }, citation: SHARED, test: { all: [{ measure: 'face-px', atLeast: 32 }, { finding: 'face-recognisable' }] },
    title: { en: 'real faces outside of the vehicle, 32 pixels or more, visible by more than half with eyes, nose or mouth clear', zh: '车外真实人脸，目标框最小边32像素以上，可见比例过半且眼、鼻或口清晰' } },
  { ...draft, id: 'plate16', reading: { id: 'D5', position: 'other' }, citation: SHARED, test: { all: [{ measure: 'plate-px', atLeast: 16 }, { finding: 'plate-readable' }] },
    title: { en: 'real plates of motor vehicles outside, 16 pixels or more, unobstructed and readable', zh: '车外真实机动车号牌，目标框最小边16像素以上，无遮挡且字符可读' } },
  { ...draft, id: 'fused', reading: { id: 'D6.fused', position: 'other' }, citation: d25('II(3), driving automation', '二（三）驾驶自动化'), test: { finding: 'fused-with-both' },
    title: { en: 'fused or associated with exterior imagery and with radar data', zh: '与车外影像以及雷达数据均融合、关联后的数据' } },
  { ...draft, id: 'keys-100k', reading: { id: 'D6.keys', position: 'other' }, citation: VEHICLE, test: { all: [{ measure: 'keyed-vehicles', atLeast: 100_000 }, { finding: 'for-vehicle-cloud-communication' }] },
    title: { en: 'keys for communication with the cloud of 100,000 or more vehicles in China', zh: '用于10万辆以上境内汽车车云通信的密钥' } },
  { ...draft, id: 'certificates-100k', reading: { id: 'D6.keys', position: 'other' }, citation: VEHICLE, test: { all: [{ measure: 'certified-vehicles', atLeast: 100_000 }, { finding: 'for-vehicle-cloud-communication' }] },
    title: { en: 'certificates for communication with the cloud of 100,000 or more vehicles in China', zh: '用于10万辆以上境内汽车车云通信的数字证书' } },
  { ...draft, id: 'sens-area-site', reading: { id: 'D6.site', position: 'taken' }, citation: PLATFORM, test: { finding: 'sensitive-area' },
    title: { en: 'lies in such an area, or aggregation or analysis can infer one', zh: '涉及或经汇聚、分析可推断重要敏感区域' } },
  { ...draft, id: 'sens-area-site', reading: { id: 'D6.site', position: 'other' }, citation: PLATFORM, test: { finding: 'sensitive-area-related' },
    title: { en: 'relates to such an area', zh: '涉及重要敏感区域' } },
];

export const CLAUSES: readonly ClauseRow[] = [...PLACES, ...PROJECTS, ...IMAGERY, ...OPERATION, ...OTHERWISE];
