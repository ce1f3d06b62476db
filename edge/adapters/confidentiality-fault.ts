import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';

export type ConfidentialityFault = Fault<keyof typeof TEXT>;

export function confidentialityFault(code: ConfidentialityFault['code']): ConfidentialityFault {
  const [problem, remedy] = TEXT[code];
  return { code, problem, remedy, retry: code === 'CONFIDENTIALITY_FAILED' ? 'later' : 'after-remedy' };
}

// biome-ignore format: one fault a line
const TEXT = {
  CONFIDENTIALITY_MISSING: [bilingual('the executable of `confidentiality` cannot be read', '无法读取 `confidentiality` 所指定的程序'), bilingual('install it; until then positions are withheld', '请安装该程序；在此之前位置数据不会发送')],
  CONFIDENTIALITY_CHANGED: [bilingual('the executable of `confidentiality` is not the attested one: its SHA-256 differs', '`confidentiality` 所指定的程序与备案不符：SHA-256 不一致'), bilingual('install the attested file, or have the new one attested and name its digest', '请安装经备案的文件，或为新文件办理备案并更新摘要')],
  CONFIDENTIALITY_FAILED: [bilingual('the plug-in for confidentiality processing was late, ended or answered wrongly', '保密处理插件超时、退出或返回错误'), bilingual('it is started again; look at the plug-in if this repeats', '将重新启动；若反复出现请检查该插件')],
  CONFIDENTIALITY_GIVEN_UP: [bilingual('the plug-in for confidentiality processing failed too often and is started no more', '保密处理插件多次失败，不再启动'), bilingual('repair it and start the agent again; until then positions are withheld', '请修复后重启终端代理；在此之前位置数据不会发送')],
} as const satisfies Record<string, readonly [Bilingual, Bilingual]>;
