import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { TerminalFaultCode } from './terminal-fault.ts';

/** What an operator is told; none of it holds anything of the frame. */
// biome-ignore format: one fault a line
const ROWS: Readonly<Record<TerminalFaultCode, readonly [en: string, zh: string, remedyEn: string, remedyZh: string]>> = {
  TERMINAL_START: ['the bytes begin no frame', '字节流不以帧头开始', 'a frame of GB/T 32960 begins with `##` or `$$`, one of JT/T 808 with 7E', 'GB/T 32960 帧以 `##` 或 `$$` 开始，JT/T 808 帧以 7E 开始'],
  TERMINAL_TOO_LONG: ['the frame is longer than its standard allows', '帧长度超过标准上限', 'check the length field and the terminal that sent it', '请检查长度字段及发送终端'],
  TERMINAL_TRUNCATED: ['the frame ends before its length', '帧未达到其声明的长度', 'hand in the whole frame', '请提供完整的帧'],
  TERMINAL_CHECKSUM: ['the checksum is not the one of the bytes', '校验码不符', 'have the terminal send it again', '请让终端重发'],
  TERMINAL_ESCAPE: ['a flag or half an escape stands inside the frame', '帧内存在未转义的标识位或不完整的转义', 'hand in one frame at a time, with its escapes', '请逐帧提供，并保留转义'],
  TERMINAL_LENGTH: ['more bytes follow the frame', '帧之后还有多余字节', 'hand in one frame a line', '请每行提供一帧'],
  TERMINAL_LAYOUT: ['the content does not fit the layout of its edition and stays octets', '内容不符合该版本的布局，按原始字节保留', 'check the edition; of JT/T 808-2011 say `--edition 2011`', '请检查协议版本；JT/T 808-2011 请使用 `--edition 2011`'],
  TERMINAL_ENCRYPTED: ['the content is encrypted and stays octets', '内容已加密，按原始字节保留', 'open it where its key is held', '请在持有密钥处解密'],
  TERMINAL_VALUE: ['a value is missing or does not fit its field', '缺少字段或取值超出字段范围', 'begin from what `terminal decode` prints', '请以 `terminal decode` 的输出为基础修改'],
  TERMINAL_HEX: ['the line is no hexadecimal', '该行不是十六进制', 'give two hexadecimal digits a byte', '请以每字节两位十六进制提供'],
  TERMINAL_INPUT: ['neither a frame nor a file that can be read', '既不是帧，也不是可读取的文件', 'give hexadecimal, or a file with one frame a line', '请提供十六进制，或每行一帧的文件'],
};

export function terminalFault(code: TerminalFaultCode): Fault<TerminalFaultCode> {
  const [en, zh, remedyEn, remedyZh] = ROWS[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry: 'after-remedy' };
}
