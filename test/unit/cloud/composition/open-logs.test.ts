import { generateKeyPairSync } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginLog } from '../../../../cloud/composition/open-logs.ts';
import { openLog } from '../../../../cloud/log/open-log.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const { privateKey: signingKey } = generateKeyPairSync('ed25519');
const clock = { now: () => 1_600_000_000_000 as Instant };
const entry = { kind: 'verdict', transferId: 't', actor: 'a', document: {} };

test('a log begins, and begins once more while it has no entry', () => {
  const options = { directory: join(scratchDirectory(), 'log'), origin: 'test.example/log', signingKey, clock };
  for (const attempt of [1, 2]) {
    const begun = beginLog(options);
    expect(begun.ok && begun.value.head().size, `attempt ${attempt}`).toBe(0);
    if (begun.ok) begun.value.close();
  }
});

test('a log with an entry is never begun again', () => {
  const options = { directory: join(scratchDirectory(), 'log'), origin: 'test.example/log', signingKey, clock };
  const begun = beginLog(options);
  expect(begun.ok && begun.value.append([entry]).ok).toBe(true);
  if (begun.ok) begun.value.close();
  const again = beginLog(options);
  expect(!again.ok && again.fault.code).toBe('LOG_EXISTS');
  const opened = openLog(options);
  expect(opened.ok && opened.value.head().size).toBe(1);
  if (opened.ok) opened.value.close();
});

test('a log whose tree head is gone is not taken for an empty one', () => {
  const options = { directory: join(scratchDirectory(), 'log'), origin: 'test.example/log', signingKey, clock };
  const begun = beginLog(options);
  expect(begun.ok && begun.value.append([entry]).ok).toBe(true);
  if (begun.ok) begun.value.close();
  rmSync(join(options.directory, 'checkpoint'));
  expect(beginLog(options).ok).toBe(false);
});
