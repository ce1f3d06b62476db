import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { borderDirectory } from '../../../../cloud/adapters/border-directory.ts';
import { fileParcelsDirectory } from '../../../../cloud/adapters/file-parcels-directory.ts';
import { openArchive, tarOf } from '../../../../cloud/adapters/open-archive.ts';
import { importFiles } from '../../../../cloud/building/import-files.ts';
import { buildFileParcel } from '../../../../cloud/datasets/build-file-parcel.ts';
import { contentsOf } from '../../../../cloud/datasets/contents.ts';
import type { FileKind } from '../../../../cloud/datasets/file-kinds.table.ts';
import { inspectFile, newBudget } from '../../../../cloud/datasets/inspect-files.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';
import { zip } from '../../../support/cloud/zip.ts';

const SOURCE = {
  'src/brake.c': 'int brake(void) { return 1; }\n',
  Makefile: 'all:\n\tcc src/brake.c\n',
  'README.md': '# brake\n',
};

function tree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = join(scratchDirectory(), 'tree');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const entry = { id: 'recall-1', authority: 'SAMR', filingNumber: 'R2026-1' };
const requestFor = (kind: FileKind, filed?: string) => ({
  id: 'brake-source',
  title: 'Source of the brake package',
  kind,
  purposes: ['recall'],
  importedAt: '2026-03-01T00:00:00.000Z',
  entry: filed === undefined ? entry : { ...entry, filedTreeSha256: filed },
});

const text = (content: string): Uint8Array => Buffer.from(content);
const tarGz = async (files: Readonly<Record<string, Uint8Array>>) =>
  gzipSync(await tarOf(Object.entries(files).map(([path, content]) => ({ path, content }))));

const wide = (ascii: string): string =>
  [...ascii].map((one) => (one === ' ' ? one : String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0))).join('');
/** With a word in GB 18030 before it, so that it is no UTF-8. */
const gbk = (ascii: string): Uint8Array => Buffer.concat([Buffer.from('d6c6b6af', 'hex'), Buffer.from(ascii)]);

const look = async (path: string, bytes: Uint8Array, kind: FileKind = 'ota-source', budget = newBudget()) =>
  (await inspectFile(path, bytes, { kind, open: openArchive, budget })).map(({ because }) => because);

describe('importing files', () => {
  test('keeps them with a tree hash that shell tools give as well', async () => {
    const root = tree(SOURCE);
    const imported = await importFiles(root, requestFor('ota-source'), scratchDirectory());
    const script = `cd "$1" && (printf 'tongguan-tree-v1\\n'; find . -type f | sed 's|^./||' | LC_ALL=C sort | while IFS= read -r f; do printf '%s %s %s\\n' "$(sha256sum < "$f" | cut -d' ' -f1)" "$(wc -c < "$f")" "$f"; done) | sha256sum | cut -d' ' -f1`;
    const byShell = execFileSync('sh', ['-c', script, 'sh', root], { encoding: 'utf8' }).trim();
    expect(imported).toMatchObject({ ok: true, value: { treeSha256: byShell, entry } });
  });

  test('takes what was filed and nothing that differs by a byte, once', async () => {
    const stores = scratchDirectory();
    const first = await importFiles(tree(SOURCE), { ...requestFor('ota-source'), id: 'draft' }, stores);
    const filed = first.ok ? first.value.treeSha256 : '';
    const other = { ...SOURCE, 'README.md': '# brakf\n' };
    expect(await importFiles(tree(other), requestFor('ota-source', filed), stores)).toMatchObject({
      ok: false,
      fault: { code: 'FILE_HASH_DIFFERS' },
    });
    expect(await importFiles(tree(SOURCE), requestFor('ota-source', filed), stores)).toMatchObject({ ok: true });
    expect(await importFiles(tree(SOURCE), requestFor('ota-source', filed), stores)).toMatchObject({
      ok: false,
      fault: { code: 'FILE_PARCEL_EXISTS' },
    });
    expect(
      fileParcelsDirectory(join(stores, 'file-parcels'))
        .list()
        .map(({ id }) => id),
    ).toEqual(['brake-source', 'draft']);
  });

  test('refuses links, and keeps nothing of what it refuses', async () => {
    const root = tree(SOURCE);
    symlinkSync('/etc/hostname', join(root, 'src', 'link.c'));
    const stores = scratchDirectory();
    const refused = await importFiles(root, requestFor('ota-source'), stores);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'FILE_PARCEL_REFUSED' } });
    expect(fileParcelsDirectory(join(stores, 'file-parcels')).list()).toEqual([]);
  });
});

describe('what is in files', () => {
  test.each<readonly [string, string, string | Uint8Array, string]>([
    ['a VIN', 'a.c', `/* ${testVin(4)} */`, 'vin'],
    ['a VIN in two bytes a character', 'a.txt', Buffer.from(`\ufeff${testVin(4)}`, 'utf16le'), 'vin'],
    ['a VIN in a name', `logs_${testVin(4)}.c`, 'x', 'vin-in-the-name'],
    ['coordinates', 'a.json', '[[121.473701, 31.230416]]', 'coordinates'],
    ['a VIN in small letters', 'a.c', `// topic: fleet/${testVin(4).toLowerCase()}/up`, 'vin'],
    ['a VIN with what cannot be seen within', 'a.txt', [...testVin(4)].join('\u200b'), 'vin'],
    ['a VIN in full-width characters', 'a.txt', wide(testVin(4)), 'vin'],
    ['coordinates in full-width digits', 'a.txt', wide('121.473701, 31.230416'), 'coordinates'],
    ['coordinates in a source in GB 18030', 'a.c', gbk('/* 121.473701, 31.230416 */'), 'coordinates'],
    ['coordinates behind a zero', 'a.c', '\0 121.473701, 31.230416', 'coordinates'],
    ['a sentence of a receiver', 'a.txt', '$GPGGA,093000,3113.8250,N,12128.4221,E,1,08', 'coordinates'],
    ['degrees in millionths', 'a.json', '{"lat":31230416,"lon":121473701}', 'coordinates'],
    ['degrees in ten-millionths', 'a.h', 'latitude_e7 = 312304160, longitude_e7 = 1214737010', 'coordinates'],
    ['a private key', 'a.txt', '-----BEGIN EC PRIVATE KEY-----\n', 'private-key'],
    ['a key in DER', 'a.txt', Buffer.from('3082009302010030130607', 'hex'), 'private-key'],
    ['a program', 'a.c', Buffer.from('7f454c4602010100', 'hex'), 'program'],
    ['a data file', 'a.csv', '1,2\n', 'ending-not-allowed'],
    ['a long text', 'a.json', `[${'1,'.repeat(2_500_000)}1]`, 'data-file'],
    ['a large binary', 'a.png', new Uint8Array(300_000).fill(0x80), 'binary-too-large'],
    ['a point cloud', 'a.txt', 'ply\nformat ascii 1.0\n', 'point-cloud'],
    [
      'an archive that nothing opens',
      'a.zip',
      Buffer.from('377abcaf271c0004', 'hex'),
      'archive-of-a-kind-that-cannot-be-opened',
    ],
  ])('%s is found', async (_, path, content, because) => {
    const bytes = typeof content === 'string' ? text(content) : content;
    expect(await look(path, bytes)).toEqual([because]);
  });

  test('a picture says where it was taken', async () => {
    const tiff = Buffer.from('4949' + '2a00' + '08000000' + '0100' + '2588' + '0400' + '01000000' + '1a000000', 'hex');
    const jpeg = (inner: Buffer) =>
      Buffer.concat([Buffer.from('ffd8ffe1001a', 'hex'), Buffer.from('Exif\0\0'), inner, Buffer.from('ffd9', 'hex')]);
    expect(await look('a.jpg', jpeg(tiff), 'document')).toEqual(['picture-position']);
    expect(
      await look('a.jpg', jpeg(Buffer.from(tiff.toString('hex').replace('2588', '1a01'), 'hex')), 'document'),
    ).toEqual([]);
  });

  test('source, documents and evidence as they are pass', async () => {
    expect(await look('src/a.c', text('int a;\n'))).toEqual([]);
    expect(await look('report.pdf', text('%PDF-1.7\nx'), 'document')).toEqual([]);
    expect(await look('report.pdf', text('%PDF-1.7\n/Encrypt 5 0 R'), 'document')).toEqual(['encrypted']);
    expect(await look('trace.pcap', Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 0xff), 'incident-evidence')).toEqual([]);
  });
});

describe('archives', () => {
  test('are opened, those in them too, and what is there is found', async () => {
    const inner = await tarGz({ 'data/a.c': text(`// ${testVin(5)}`) });
    expect(await look('a.zip', zip('b.tar.gz', inner))).toEqual(['vin']);
    expect(await look('a.zip', zip('b.c', text('int a;\n')))).toEqual([]);
    const named = await inspectFile('a.zip', zip('b.tar.gz', inner), {
      kind: 'ota-source',
      open: openArchive,
      budget: newBudget(),
    });
    expect(named[0]?.path).toBe('a.zip!b.tar.gz!b.tar!data/a.c');
  });

  test.each<readonly [string, () => Promise<Buffer> | Buffer, string]>([
    ['a path that leads out', () => zip('../a.c', text('x')), 'archive-unreadable'],
    ['an absolute path in a tar', () => tarGz({ '/etc/a.c': text('x') }), 'path-not-relative'],
    ['dots in a tar', () => tarGz({ 'a/../../b.c': text('x') }), 'path-leads-out'],
    ['an encrypted entry', () => zip('a.c', text('x'), { flags: 1 }), 'encrypted'],
    ['a link', () => zip('a.c', text('/etc/passwd'), { mode: 0o120777 }), 'holds-a-link'],
    ['a device', () => zip('a.c', text('x'), { mode: 0o060644 }), 'holds-a-special'],
    ['a damaged archive', () => zip('a.c', text('x')).subarray(0, 40), 'archive-unreadable'],
  ])('%s is refused', async (_, make, because) => {
    const bytes = await make();
    expect(await look(bytes[0] === 0x1f ? 'x.tar.gz' : 'x.zip', bytes)).toEqual([because]);
  });

  test('depth, number and bytes have limits', async () => {
    let nested: Uint8Array = text('int a;\n');
    for (let layer = 0; layer < 4; layer += 1) nested = zip(layer === 0 ? 'a.c' : 'a.zip', nested);
    expect(await look('a.zip', nested)).toEqual([]);
    expect(await look('a.zip', zip('a.zip', nested))).toEqual(['archives-too-deep']);
    const many = await tarGz(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.c`, text('x')])));
    expect(await look('a.tgz', many, 'ota-source', { entries: 10, bytes: 1e9 })).toEqual(['too-many-files']);
    // Each of them would do, and all together do not.
    const parts = await tarGz(
      Object.fromEntries(['a.c', 'b.c', 'c.c'].map((name) => [name, Buffer.alloc(40_000, '/')])),
    );
    expect(await look('a.tgz', parts, 'ota-source', { entries: 10, bytes: 200_000 })).toEqual(['too-many-bytes']);
    const bomb = gzipSync(new Uint8Array(20_000_000));
    expect(bomb.length).toBeLessThan(30_000);
    expect(await look('a.gz', bomb, 'ota-source', { entries: 10, bytes: 1_000_000 })).toEqual(['too-many-bytes']);
    expect(
      await look('a.zip', zip('a.c', new Uint8Array(2_000_000)), 'ota-source', { entries: 10, bytes: 1_000_000 }),
    ).toEqual(['too-many-bytes']);
  });
});

describe('a parcel of files', () => {
  const order = (kind: FileKind) => {
    const dataset = {
      kind: 'files' as const,
      id: 'brake-source',
      title: 'x',
      purposes: ['recall'],
      fileKind: kind,
      entry: 'recall-1',
    };
    const digests = { rules: 'r', catalogue: 'c' };
    return {
      transferId: 't1',
      at: 0 as Instant,
      recipientId: 'lab',
      purpose: 'recall',
      contents: contentsOf(dataset),
      findings: 'unknown' as const,
      digests,
      dataset,
    };
  };

  test('holds what was imported, and its facts are unknown until evidence says otherwise', async () => {
    const [stores, directory] = [scratchDirectory(), scratchDirectory()];
    for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(directory, name));
    const imported = await importFiles(tree(SOURCE), requestFor('ota-source'), stores);
    const files = fileParcelsDirectory(join(stores, 'file-parcels'));
    const parts = { files, open: openArchive, border: borderDirectory(directory) };
    const built = await buildFileParcel(order('ota-source'), parts);
    expect(built).toMatchObject({ ok: true, value: { rows: 3, persons: [], families: [] } });
    const manifest = JSON.parse(readFileSync(join(directory, 'staging', 't1', 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      grain: 'files',
      classes: 'unknown',
      kinds: ['SRC'],
      tree: { treeSha256: imported.ok && imported.value.treeSha256 },
    });
    const tar = readFileSync(join(directory, 'staging', 't1', 'files.tar'));
    expect(createHash('sha256').update(tar).digest('hex')).toBe(manifest.files[0].sha256);
    expect(contentsOf(order('ota-source').dataset)).toMatchObject({ isUnsettled: true, kinds: ['SRC'] });
    appendFileSync(join(stores, 'file-parcels', 'brake-source', 'content.tar'), 'x');
    expect(await buildFileParcel(order('ota-source'), parts)).toMatchObject({
      ok: false,
      fault: { code: 'FILE_PARCEL_CHANGED' },
    });
  });
});
