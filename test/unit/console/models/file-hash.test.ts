import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { fileHash } from '../../../../console/models/file-hash.ts';

test('the hash of a file is the SHA-256 that the registers keep', async () => {
  const bytes = randomBytes(100);
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  expect(await fileHash(whole)).toBe(createHash('sha256').update(bytes).digest('hex'));
});
