import { expect, test } from 'vitest';
import { exporterFault } from '../../../../cloud/exporter/exporter-fault.ts';
import { type ExporterFaultCode, FAULT_ROWS } from '../../../../cloud/exporter/faults.table.ts';
import { renderFault } from '../../../../proto/words/fault.ts';

const CODES = Object.keys(FAULT_ROWS) as ExporterFaultCode[];

test.each(CODES)('%s says what is wrong and what to do, in both languages, on one line each', (code) => {
  const { problem, remedy } = exporterFault(code);
  for (const text of [problem.en, problem.zh, remedy.en, remedy.zh]) expect(text).toMatch(/^[^\r\n]{4,200}$/);
  for (const text of [problem.en, remedy.en]) expect(text).toMatch(/^(?:[a-z]|TLS)/);
  for (const text of [problem.zh, remedy.zh]) expect(text).toMatch(/[\u4e00-\u9fff]/);
  expect(renderFault('exporter', exporterFault(code)).split('\n')).toHaveLength(2);
});

test('a detail is quoted, cut to its limit and cannot break the line or the quotes', () => {
  const { problem } = exporterFault('PARCEL_EXTRA_FILE', `a\`b\nc${'d'.repeat(1_000)}`);
  expect(problem.en).toMatch(/^[^\n]*: `a b c(d+)`$/);
  expect(problem.en.length).toBeLessThan(300);
});
