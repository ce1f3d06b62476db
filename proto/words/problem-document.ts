import type { Fault } from './fault.ts';

/** A fault as RFC 9457 has it, with both languages and the remedy beside what every client knows. */
export interface ProblemDocument<Code extends string = string> extends Fault<Code> {
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

export function problemDocument<Code extends string>(status: number, fault: Fault<Code>): ProblemDocument<Code> {
  const { code, problem, remedy, retry } = fault;
  return { type: `urn:tongguan:fault:${code}`, title: problem.en, status, code, problem, remedy, retry };
}
