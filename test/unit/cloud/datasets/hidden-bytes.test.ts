import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openArchive, tarOf } from '../../../../cloud/adapters/open-archive.ts';
import { inspectFile, newBudget } from '../../../../cloud/datasets/inspect-files.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';
import { zip } from '../../../support/cloud/zip.ts';

const text = (content: string): Uint8Array => Buffer.from(content);
const look = async (path: string, bytes: Uint8Array) =>
  (await inspectFile(path, bytes, { kind: 'ota-source', open: openArchive, budget: newBudget() })).map(
    ({ because }) => because,
  );

const hidden = text(`${testVin(5).slice(0, 9)} ${testVin(5).slice(9)} and more`);
const sourceTar = () => tarOf([{ path: 'a.c', content: text('int a;\n') }]);
const named = (name: string): Buffer => {
  const packed = gzipSync(text('int a;\n'));
  packed[3] = 8;
  return Buffer.concat([packed.subarray(0, 10), Buffer.from(`${name}\0`), packed.subarray(10)]);
};
const moved = (bytes: Buffer, by: number): Buffer => {
  const end = Buffer.from(bytes);
  end.writeUInt32LE(end.readUInt32LE(end.length - 6) + by, end.length - 6);
  return end;
};

test.each<readonly [string, string, () => Promise<Uint8Array> | Uint8Array, string]>([
  [
    'before the first entry of a zip',
    'x.zip',
    () => {
      const [before, whole] = [Buffer.concat([text('PK\x03\x04'), hidden]), Buffer.from(zip('a.c', text('x')))];
      whole.writeUInt32LE(before.length, whole.readUInt32LE(whole.length - 6) + 42);
      return moved(Buffer.concat([before, whole]), before.length);
    },
    'bytes-of-no-entry',
  ],
  [
    'between the entries of a zip and its directory',
    'x.zip',
    () => {
      const whole = zip('a.c', text('x'));
      const central = whole.readUInt32LE(whole.length - 6);
      return moved(
        Buffer.concat([whole.subarray(0, central), hidden, hidden, whole.subarray(central)]),
        2 * hidden.length,
      );
    },
    'bytes-of-no-entry',
  ],
  ['behind a zip', 'x.zip', () => Buffer.concat([zip('a.c', text('x')), hidden]), 'archive-unreadable'],
  [
    'behind a gzip, after a zero',
    'x.c.gz',
    () => Buffer.concat([gzipSync(text('x')), Buffer.from([0]), hidden]),
    'archive-unreadable',
  ],
  ['in the name that a gzip has', 'x.c.gz', () => named(`${testVin(5)}.c`), 'bytes-of-no-entry'],
  [
    'behind the end of a tar',
    'x.tar',
    async () => Buffer.concat([await sourceTar(), Buffer.alloc(512, hidden)]),
    'archive-unreadable',
  ],
  [
    'behind the end of a file in a tar',
    'x.tar',
    async () => {
      const whole = Buffer.from(await sourceTar());
      whole.set(hidden, 512 + 100);
      return whole;
    },
    'bytes-of-no-entry',
  ],
  [
    'as a zip behind a text',
    'x.c',
    () => Buffer.concat([text('int a;\n'), zip('a.c', text('x'))]),
    'archive-of-a-kind-that-cannot-be-opened',
  ],
  [
    'in a tar without a name of its format',
    'x.txt',
    async () => {
      const whole = Buffer.from(await tarOf([{ path: 'a.bin', content: text('x') }]));
      whole.fill(0, 257, 265);
      whole.write('        ', 148, 'latin1');
      const sum = whole.subarray(0, 512).reduce((all, one) => all + one, 0);
      whole.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
      return whole;
    },
    'archive-unreadable',
  ],
])('what is hidden %s is found', async (_, path, make, because) => {
  expect(await look(path, await make())).toEqual([because]);
});

test('what other programs make passes: zip, tar and gzip of the system', async () => {
  const root = scratchDirectory();
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src', 'brake.c'), 'int brake(void) { return 1; }\n');
  writeFileSync(join(root, 'Makefile'), 'all:\n');
  writeFileSync(join(root, 'README.md'), '# brake\n');
  const made = (script: string): Buffer => execFileSync('sh', ['-c', script], { cwd: root, encoding: 'buffer' });
  expect(await look('a.tar', made('tar -cf - src Makefile README.md'))).toEqual([]);
  expect(await look('a.tgz', made('tar -czf - --format=pax src Makefile'))).toEqual([]);
  expect(await look('a.c.gz', made('gzip -k -c src/brake.c'))).toEqual([]);
  expect(
    await look(
      'a.zip',
      made("python3 -c \"import shutil,sys;shutil.make_archive('../made','zip','.')\" && cat ../made.zip"),
    ),
  ).toEqual([]);
});
