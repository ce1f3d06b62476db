import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { type ProblemDocument, problemDocument } from '../../proto/words/problem-document.ts';

export interface Problem extends ProblemDocument {
  /** Where several things are wrong. */
  readonly faults?: readonly Fault[];
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problemOf(status: number, fault: Fault, faults?: readonly Fault[]): Problem {
  return { ...problemDocument(status, fault), ...(faults && { faults }) };
}

// biome-ignore format: one fault a line
const ROWS = {
  ROUTE_UNKNOWN: ['there is nothing here', '此处没有内容', 'see `/api/v1/openapi.json`', '参见 `/api/v1/openapi.json`', 404, 'never'],
  BODY_TOO_LARGE: ['what was sent is too large', '请求内容过大', 'send less; docs/api.md names the limits', '请减小内容；上限见 docs/api.md', 413, 'after-remedy'],
  BODY_TYPE: ['what was sent is not of the type that is taken here', '请求内容类型不受支持', 'send JSON, or bytes where a file is taken', '请发送 JSON；上传文件时发送字节流', 415, 'after-remedy'],
  BODY_INVALID: ['what was sent cannot be read', '请求内容无法读取', 'send what the description of the API says', '请按接口描述发送', 400, 'after-remedy'],
  RATE_LIMITED: ['too many requests in a short time', '短时间内请求过多', 'wait as long as `retry-after` says', '请按 `retry-after` 等待', 429, 'later'],
  REQUEST_LATE: ['the request took too long to arrive', '请求传输超时', 'send it again', '请重新发送', 408, 'now'],
  READ_UNLOGGED: ['the reading cannot be entered in the operations log, so nothing is given', '读取无法记入操作日志，故不予提供', 'restore the log', '请恢复日志', 503, 'later'],
  API_BROKEN: ['the answer could not be made; this is a mistake of ours', '无法生成应答；这是程序错误', 'report it with the time it happened', '请连同发生时间一并报告', 500, 'later'],
} as const;

export type ApiCode = keyof typeof ROWS;

export function apiProblem(code: ApiCode): Problem {
  const [en, zh, remedyEn, remedyZh, status, retry] = ROWS[code];
  const fault: Fault<ApiCode> = { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry };
  return problemOf(status, fault);
}

/** What the server itself refuses, by the status it would answer with. */
const BY_STATUS: Readonly<Record<number, ApiCode>> = {
  400: 'BODY_INVALID',
  404: 'ROUTE_UNKNOWN',
  408: 'REQUEST_LATE',
  413: 'BODY_TOO_LARGE',
  414: 'BODY_TOO_LARGE',
  415: 'BODY_TYPE',
  429: 'RATE_LIMITED',
};

/** What was thrown is never told: it may quote what was sent. */
export function problemOfError(error: unknown): Problem {
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown };
  const status = typeof statusCode === 'number' ? statusCode : 500;
  return apiProblem(BY_STATUS[status] ?? (status < 500 ? 'BODY_INVALID' : 'API_BROKEN'));
}
