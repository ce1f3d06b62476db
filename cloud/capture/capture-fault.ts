import { bilingual, type Fault } from '../../proto/words/fault.ts';

/** What can go wrong for who reads captures. */
export type CaptureFault = Fault<keyof typeof ROWS>;

/** @param detail - a checked name, number or code; never content of a capture */
export function captureFault(code: keyof typeof ROWS, detail: string): CaptureFault {
  const [en, zh, remedyEn, remedyZh] = ROWS[code];
  return {
    code,
    problem: bilingual(`${en}: \`${detail}\``, `${zh}：\`${detail}\``),
    remedy: bilingual(remedyEn, remedyZh),
    retry: 'after-remedy',
  };
}

const KEEP = [
  'keep the capture directory as evidence, compare it with the hashes in the traffic log, and find out who changed it',
  '请保留流量留存目录作为证据，与流量日志中的哈希值比对，并查明改动来源',
] as const;

// biome-ignore format: one fault a line
const ROWS = {
  CAPTURE_CHANGED: ['a capture is not as it was written', '留存的流量与写入时不一致', ...KEEP],
  CAPTURE_LIST_CHANGED: ['the list of captures is not as it was written', '流量留存清单与写入时不一致', ...KEEP],
  CAPTURE_KEY_OTHER: ['the key does not open this capture', '该密钥无法打开留存的流量', 'name the private half of the key that the exporter was configured with when this was captured', '请使用留存当时出境端所配置公钥对应的私钥'],
  CAPTURE_FILES_UNREADABLE: ['captures, their key or their index cannot be read or written', '无法读取或写入流量留存、其密钥或索引', 'check the path and its rights; an index may lie anywhere (`--index`)', '请检查路径及其权限；索引可放在任意位置（`--index`）'],
  TRAFFIC_SELECTION: ['this does not say which traffic is meant', '选择条件无效', 'give times as `2026-03-01T00:00:00+08:00` and addresses as `192.0.2.0/24` or `2001:db8::/32`', '时间请写作 `2026-03-01T00:00:00+08:00`，地址请写作 `192.0.2.0/24` 或 `2001:db8::/32`'],
} as const;
