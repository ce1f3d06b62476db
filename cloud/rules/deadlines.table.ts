import { bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { AnnualRow, DeadlineRow } from '../registers/deadline.ts';

const day = (text: string) => text as CivilDate;
const LARGER = ['larger', 'major', 'especially-major'];
const MAJOR = ['major', 'especially-major'];

/**
 * Terms that run from an entry of a register. The day of the event is not counted, and a term of working days ends with
 * the n-th one after it; a term before a day begins with the n-th working day before it.
 */
// biome-ignore format: one term a line
export const DEADLINES: readonly DeadlineRow[] = [
  { id: 'SCC-1.filing',     from: day('2023-06-01'), kind: 'contract',      runsFrom: 'validFrom',  term: { workingDays: 10 },        metBy: { key: 'filing.state', in: ['filed'] },  title: bilingual('file the standard contract with the provincial cyberspace administration', '向省级网信部门备案标准合同'), citation: { instrument: 'CAC-13-2023', article: 'art. 7', articleZh: '第7条' }, confidence: 'law-firm', status: 'official' },
  { id: 'SA-1.extension',   from: day('2024-03-22'), kind: 'assessment',    runsFrom: 'validUntil', term: { workingDaysBefore: 60 }, opens: true, metBy: { key: 'extension' },      title: bilingual('apply to extend the security assessment: the term for it has begun', '申请延长数据出境安全评估有效期：申请期已开始'), citation: { instrument: 'CAC-16-2024', article: 'art. 9', articleZh: '第9条' }, confidence: 'official', status: 'official' },
  { id: 'SA-1.end',         from: day('2024-03-22'), kind: 'assessment',    runsFrom: 'validUntil', term: { ends: true }, metBy: { key: 'extension.until' }, title: bilingual('the security assessment ends', '数据出境安全评估到期'), citation: { instrument: 'CAC-16-2024', article: 'art. 9', articleZh: '第9条' }, confidence: 'official', status: 'official' },
  { id: 'SA-1.extended',    from: day('2024-03-22'), kind: 'assessment',    runsFrom: 'extension.until', term: { ends: true }, when: [{ key: 'extension.state', in: ['granted'] }], title: bilingual('the extended security assessment ends', '延期后的数据出境安全评估到期'), citation: { instrument: 'CAC-16-2024', article: 'art. 9', articleZh: '第9条' }, confidence: 'official', status: 'official' },
  { id: 'SA-3.completeness', from: day('2022-09-01'), kind: 'assessment-application', runsFrom: 'submittedOn', term: { workingDays: 5 }, metBy: { key: 'completeOn' }, title: bilingual('the provincial cyberspace administration checks whether the application is complete: ask it once this is over', '省级网信部门完备性查验期限：届满请向其查询'), citation: { instrument: 'CAC-11-2022', article: 'art. 7', articleZh: '第7条' }, confidence: 'official', status: 'official' },
  { id: 'SA-3.acceptance',  from: day('2022-09-01'), kind: 'assessment-application', runsFrom: 'completeOn', term: { workingDays: 7 }, metBy: { key: 'acceptedOn' }, title: bilingual('the national cyberspace administration says whether it accepts the application: ask it once this is over', '国家网信部门决定是否受理的期限：届满请向其查询'), citation: { instrument: 'CAC-11-2022', article: 'art. 7', articleZh: '第7条' }, confidence: 'official', status: 'official' },
  { id: 'SA-3.assessment',  from: day('2022-09-01'), kind: 'assessment-application', runsFrom: 'acceptedOn', term: { workingDays: 45 }, metBy: { key: 'result' }, title: bilingual('the national cyberspace administration assesses; it may prolong this, and says by how much', '国家网信部门完成安全评估的期限；可适当延长并告知'), citation: { instrument: 'CAC-11-2022', article: 'art. 12', articleZh: '第12条' }, confidence: 'official', status: 'official' },
  { id: 'SA-3.objection',   from: day('2022-09-01'), kind: 'assessment-application', runsFrom: 'result.receivedOn', term: { workingDays: 15 }, when: [{ key: 'result.outcome', in: ['passed-in-part', 'not-passed'] }], metBy: { key: 'result.objection' }, title: bilingual('apply for a second assessment, or waive it', '对评估结果有异议的，申请复评；否则登记放弃'), citation: { instrument: 'CAC-11-2022', article: 'art. 13', articleZh: '第13条' }, confidence: 'official', status: 'official' },
  { id: 'SA-3.extension',   from: day('2025-06-27'), kind: 'assessment',    runsFrom: 'extension.appliedOn', term: { workingDays: 20 }, when: [{ key: 'extension.state', in: ['applied'] }], title: bilingual('the authority decides on the extension of the security assessment: ask it once this is over', '延长评估结果有效期申请的办理期限：届满请向其查询'), citation: { instrument: 'AG3', article: 'III', articleZh: '三' }, confidence: 'official', status: 'official' },
  { id: 'NDR-28',           from: day('2025-01-01'), kind: 'processor',     runsFrom: 'processed.asOf', term: { ends: true }, when: [{ key: 'processed.persons', atLeast: 10_000_000 }], metBy: { key: 'processed.dutiesSince' }, title: bilingual('personal information of 10,000,000 persons or more: carry out the duties of a processor of important data (arts. 30 and 32)', '处理1000万人以上个人信息：履行重要数据处理者的义务（第30条、第32条）'), citation: { instrument: 'NDR', article: 'art. 28', articleZh: '第28条' }, confidence: 'official', status: 'official' },
  { id: 'CERT-1.end',       from: day('2026-01-01'), kind: 'certificate',   runsFrom: 'validUntil', term: { ends: true }, title: bilingual('the certificate ends', '认证证书到期'), citation: { instrument: 'CERT-2026', article: 'term of the certificate', articleZh: '认证证书有效期' }, confidence: 'law-firm', status: 'official' },
  { id: 'CERT-2.status',    from: day('2026-01-01'), kind: 'certificate',   runsFrom: 'status.checkedOn', term: { days: 7 },         title: bilingual('look up the status of the certificate again', '重新核验认证证书状态'), citation: { instrument: 'TG', article: 'stale certificate status', articleZh: '证书状态过期' }, confidence: 'own', status: 'product' },
  { id: 'PIPIA.end',        from: day('2021-11-01'), kind: 'pipia',         runsFrom: 'validUntil', term: { ends: true }, title: bilingual('the impact assessment ends: make a new one', '个人信息保护影响评估到期：请重新评估'), citation: { instrument: 'PIPL', article: 'arts. 55-56', articleZh: '第55、56条' }, confidence: 'official', status: 'official' },
  { id: 'MAP.end',          from: day('2022-08-25'), kind: 'map-review',    runsFrom: 'validUntil', term: { ends: true }, title: bilingual('the map review ends', '地图审核到期'), citation: { instrument: 'M22', article: 'sending abroad', articleZh: '向境外传输' }, confidence: 'official', status: 'official' },
  { id: 'CUSTODIAN.end',    from: day('2024-07-26'), kind: 'custodian',     runsFrom: 'validUntil', term: { ends: true }, title: bilingual("the custodian's surveying qualification ends: the geographic zone closes to reads", '保管单位测绘资质到期：地理信息区将停止读取'), citation: { instrument: 'M24', article: 'qualified custodians', articleZh: '具有相应测绘资质的单位' }, confidence: 'official', status: 'official' },
  { id: 'OTA-3',            from: day('2021-06-01'), kind: 'ota-campaign',  runsFrom: 'releaseOn',  term: { workingDaysBefore: 5 },  metBy: { key: 'samrFiling' },                   title: bilingual('give SAMR the safety assessment form and the package before the release', '升级发布前向市场监管总局提交安全评估信息表和电子升级包'), citation: { instrument: 'SAMR-OTA-2021', article: 'supplement of June 2021', articleZh: '2021年6月补充通知' }, confidence: 'official', status: 'official' },
  { id: 'VUL-1',            from: day('2021-09-01'), kind: 'vulnerability', runsFrom: 'knownAt',    term: { hours: 48 },             metBy: { key: 'receipt' },                      title: bilingual('report the vulnerability to the MIIT platform', '向工业和信息化部网络安全威胁和漏洞信息共享平台报送漏洞'), citation: { instrument: 'VULN-2021', article: 'art. 7', articleZh: '第7条' }, confidence: 'law-firm', status: 'official' },
  { id: 'VUL-2',            from: day('2026-01-01'), kind: 'vulnerability', runsFrom: 'public.since', term: { months: 6 }, when: [{ key: 'severity', in: ['critical', 'high', 'ungraded'] }, { key: 'public.affects', in: ['remote-control', 'ota', 'unknown'] }], metBy: { key: 'treatedOn' }, title: bilingual('treat the vulnerability of remote control or software updates before it has been public for six months', '在公开满六个月之前处置远程控制或软件升级系统的漏洞'), citation: { instrument: 'GB44495', article: 'cl. 7.1.1.1', articleZh: '7.1.1.1' }, confidence: 'official', status: 'official' },
  { id: 'INC-1.cii',        from: day('2025-11-01'), kind: 'incident',      runsFrom: 'knownAt',    term: { hours: 1 },  when: [{ key: 'criticalInfrastructure', in: ['yes', 'unknown'] }, { key: 'level', in: [...LARGER, 'ungraded'] }], metBy: { reportTo: ['protection-department', 'police'] }, title: bilingual('report the incident to the protection department and the police', '向保护工作部门和公安机关报告事件'), citation: { instrument: 'CAC-INC-2025', article: 'time limits', articleZh: '报告时限' }, confidence: 'official', status: 'official' },
  { id: 'INC-1.cac',        from: day('2025-11-01'), kind: 'incident',      runsFrom: 'knownAt',    term: { hours: 4 },  when: [{ key: 'level', in: [...LARGER, 'ungraded'] }], metBy: { reportTo: ['provincial-cac'] }, title: bilingual('report the incident to the provincial cyberspace administration', '向省级网信部门报告事件'), citation: { instrument: 'CAC-INC-2025', article: 'time limits', articleZh: '报告时限' }, confidence: 'official', status: 'official' },
  { id: 'INC-1.final',      from: day('2025-11-01'), kind: 'incident',      runsFrom: 'knownAt',    term: { days: 30 },  when: [{ key: 'level', in: [...LARGER, 'ungraded'] }], metBy: { key: 'finalReport' }, title: bilingual('give the final report of the incident', '提交事件处置总结报告'), citation: { instrument: 'CAC-INC-2025', article: 'final report', articleZh: '总结报告' }, confidence: 'official', status: 'official' },
  { id: 'INC-3.regulator',  from: day('2024-11-01'), kind: 'incident',      runsFrom: 'knownAt',    term: { hours: 0 },  when: [{ key: 'level', in: [...LARGER, 'ungraded'] }], metBy: { reportTo: ['sector-regulator'] }, title: bilingual('report the incident to the local industry regulator without delay', '立即向本地区行业监管部门报告事件'), citation: { instrument: 'MIIT-DATA-2024', article: 'reporting', articleZh: '事件报告' }, confidence: 'official', status: 'official' },
  { id: 'INC-3.summary',    from: day('2024-11-01'), kind: 'incident',      runsFrom: 'knownAt',    term: { workingDays: 3 }, when: [{ key: 'level', in: MAJOR }], metBy: { key: 'finalReport' }, title: bilingual('give the summary of a major incident (the figure is of one provincial plan)', '提交重大事件总结（该期限见于一份省级预案）'), citation: { instrument: 'MIIT-DATA-2024', article: 'summary, as Inner Mongolia carries it out', articleZh: '总结（内蒙古实施方案）' }, confidence: 'official', status: 'official' },
  { id: 'EX-4.review',      from: day('2026-11-23'), kind: 'urgent-need',   runsFrom: 'endsAt',     term: { days: 7 }, metBy: { key: 'review' }, title: bilingual('look back on what went out in the emergency', '对紧急情况下的出境进行事后审查'), citation: { instrument: 'TG', article: 'review of emergencies', articleZh: '紧急情况的事后审查' }, confidence: 'own', status: 'product' },
  { id: 'EX-4.notice',      from: day('2026-11-23'), kind: 'urgent-need',   runsFrom: 'endsAt',     term: { days: 7 }, metBy: { key: 'notifiedOn' }, title: bilingual('tell the persons what went out in the emergency', '向个人告知紧急情况下的出境'), citation: { instrument: 'PIPL', article: 'art. 18', articleZh: '第18条' }, confidence: 'own', status: 'product' },
  { id: 'SIGN-OFF.end',     from: day('2026-11-23'), kind: 'sign-off',      runsFrom: 'until',      term: { ends: true }, title: bilingual('the legal sign-off ends: the stricter reading stands again', '法律意见签署到期：恢复从严解读'), citation: { instrument: 'TG', article: 'open readings', articleZh: '待定解读' }, confidence: 'own', status: 'product' },
  { id: 'PURPOSE.end',      from: day('2026-11-23'), kind: 'purpose',       runsFrom: 'validUntil', term: { ends: true }, title: bilingual('the purpose ends: nothing goes abroad for it any more', '出境目的到期：不得再以此目的出境'), citation: { instrument: 'TG', article: 'purposes of export', articleZh: '出境目的' }, confidence: 'own', status: 'product' },
];

/** Reports of every year, each with the last day on which it is in time. Both are asked of whoever processes important data. */
export const ANNUAL_REPORTS: readonly AnnualRow[] = [
  {
    id: 'SP21-13',
    from: day('2021-10-01'),
    monthDay: '12-15',
    title: bilingual('annual report on automotive data security management', '年度汽车数据安全管理情况报告'),
    citation: { instrument: 'SP21', article: 'arts. 13-14', articleZh: '第13、14条' },
    confidence: 'own',
    status: 'official',
  },
  {
    id: 'NDR-33',
    from: day('2025-01-01'),
    // The text says every year and names no day.
    monthDay: '12-31',
    title: bilingual('annual risk assessment of network data, and its report', '年度网络数据处理活动风险评估报告'),
    citation: { instrument: 'NDR', article: 'art. 33', articleZh: '第33条' },
    confidence: 'own',
    status: 'official',
  },
];
