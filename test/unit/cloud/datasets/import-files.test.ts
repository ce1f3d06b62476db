import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
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

/** A zip with one stored or deflated entry, as its specification has it. */
function zip(
  name: string,
  content: Uint8Array,
  over: { readonly flags?: number; readonly mode?: number } = {},
): Buffer {
  const packed = deflateRawSync(content);
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(content));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(packed.length, 0);
  sizes.writeUInt32LE(content.length, 4);
  const { flags = 0, mode = 0o100644 } = over;
  const head = Buffer.from([20, 0, flags, 0, 8, 0, 0, 0, 0, 0]);
  const length = Buffer.from([name.length, 0, 0, 0]);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, crc, sizes, length, Buffer.from(name), packed]);
  const attributes = Buffer.alloc(8);
  attributes.writeUInt32LE((mode << 16) >>> 0, 0);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    Buffer.from([20, 3]),
    head,
    crc,
    sizes,
    length,
    Buffer.alloc(6),
    attributes,
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

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
    const root = tree(SOURCE);
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
