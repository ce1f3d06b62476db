import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';

export type SourceFault = Fault<
  | 'SOURCE_FILE_UNREADABLE'
  | 'SOURCE_TIME_RELATIVE'
  | 'SOURCE_TRACE'
  | 'SOURCE_PROGRAM'
  | 'CAN_MAPPING_UNKNOWN'
  | 'SOURCE_LIBRARY_MISSING'
  | 'SOURCE_CONNECTION'
>;

/** @param key - of the configuration; the path itself is the operator's and is not repeated */
export function unreadableSource(key: string, cause: unknown): SourceFault {
  const told = causeText(cause);
  return {
    code: 'SOURCE_FILE_UNREADABLE',
    problem: bilingual(`\`${key}\` cannot be read: ${told}`, `无法读取 \`${key}\`：${told}`),
    remedy: bilingual(
      'check path, rights and size, and that the archive is whole',
      '请检查路径、权限与大小，以及压缩包是否完整',
    ),
    retry: 'after-remedy',
  };
}

export function relativeTime(key: string): SourceFault {
  return {
    code: 'SOURCE_TIME_RELATIVE',
    problem: bilingual(`\`${key}\` counts its time from the start of the log`, `\`${key}\` 的时间从日志起点计起`),
    remedy: bilingual(
      'set `startAt` of the source to the moment the log began',
      '请将该数据源的 `startAt` 设为日志开始的时刻',
    ),
    retry: 'after-remedy',
  };
}

/** @param isKnown - the header is known, and the configuration and the file disagree on whether it holds several vehicles */
export function unknownTrace(isKnown: boolean): SourceFault {
  return {
    code: 'SOURCE_TRACE',
    problem: isKnown
      ? bilingual(
          'a trace of several vehicles needs `vehicle`, and one of one has none',
          '多车轨迹文件须指定 `vehicle`，单车文件则不可指定',
        )
      : bilingual('the first line of the trace is not a header we know', '轨迹文件首行不是已知表头'),
    remedy: bilingual(
      'compare the file with docs/raw-frames.md, and `vehicle` with its first column',
      '请对照 docs/raw-frames.md 检查文件，并核对 `vehicle` 与其首列',
    ),
    retry: 'after-remedy',
  };
}

/** @param names - signals and names of values */
export function unknownMapping(names: readonly string[]): SourceFault {
  const shown = names.slice(0, NAMES_TOLD_MAX).join('`, `');
  return {
    code: 'CAN_MAPPING_UNKNOWN',
    problem: bilingual(
      `the mapping names what the DBC file does not have: \`${shown}\``,
      `映射文件中的名称在 DBC 文件中不存在：\`${shown}\``,
    ),
    remedy: bilingual(
      'write `Message.Signal` and names of values exactly as the DBC file has them',
      '请按 DBC 文件原样填写 `报文.信号` 与取值名称',
    ),
    retry: 'after-remedy',
  };
}

const NAMES_TOLD_MAX = 10;

export function programFault(program: string, cause: unknown): SourceFault {
  const told = causeText(cause);
  return {
    code: 'SOURCE_PROGRAM',
    problem: bilingual(`\`${program}\` does not run: ${told}`, `\`${program}\` 无法运行：${told}`),
    remedy: bilingual(
      'install can-utils, check the name of the interface with `ip -details link`, and that it is up',
      '请安装 can-utils，用 `ip -details link` 核对接口名称并确认接口已启用',
    ),
    retry: 'later',
  };
}

export function missingLibrary(name: string): SourceFault {
  return {
    code: 'SOURCE_LIBRARY_MISSING',
    problem: bilingual(`the package \`${name}\` is not installed`, `未安装软件包 \`${name}\``),
    remedy: bilingual(
      `run \`npm install ${name}\` beside the agent; only this kind of source needs it`,
      `请在终端代理旁运行 \`npm install ${name}\`；仅此类数据源需要`,
    ),
    retry: 'after-remedy',
  };
}

export function connectionFault(kind: string, cause: unknown): SourceFault {
  const told = causeText(cause);
  return {
    code: 'SOURCE_CONNECTION',
    problem: bilingual(`the \`${kind}\` source is not connected: ${told}`, `\`${kind}\` 数据源未连接：${told}`),
    remedy: bilingual(
      'check its address, certificates and rights; the agent tries again by itself',
      '请检查其地址、证书与权限；终端代理会自动重试',
    ),
    retry: 'later',
  };
}
