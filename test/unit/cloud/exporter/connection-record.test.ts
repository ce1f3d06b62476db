import { expect, test } from 'vitest';
import { openingRecord } from '../../../../cloud/exporter/connection-record.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const ENDS = { sourceIp: '10.0.0.2', sourcePort: 40_000, destinationIp: '203.0.113.9', destinationPort: 8_443 };

test.each([
  ['2026-04-30T15:59:59.999Z', '2026-04-30', '23:59:59.999+08:00'],
  ['2026-04-30T16:00:00.000Z', '2026-05-01', '00:00:00.000+08:00'],
  ['2026-12-31T16:00:00.007Z', '2027-01-01', '00:00:00.007+08:00'],
])('%s is %s, %s of the mainland', (iso, date, time) => {
  const record = openingRecord(Date.parse(iso) as Instant, ENDS, 2);
  expect(record).toEqual({
    date,
    time,
    ...ENDS,
    transportProtocol: 'TCP',
    applicationProtocol: 'HTTP/1.1 over TLS 1.3',
    attempt: 2,
  });
});
