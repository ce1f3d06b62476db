import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openReadOnly } from '../../cloud/adapters/open-database.ts';
import { QUIET_MS } from '../../cloud/terminals/jt808/assembly.ts';
import { readMosaicPng } from '../../proto/codec/mosaic-png.ts';
import { CAMERA_LABELS, IMAGE_TREATMENTS, type ImageFrame } from '../../proto/codec/sensor-frames.ts';
import { NOW } from '../support/cloud/batches.ts';
import { jtBytes, jtParts } from '../support/cloud/jt-messages.ts';
import { type JtSettings, TCP } from '../support/cloud/jt-run.ts';
import { serveJt } from '../support/cloud/jt-terminal.ts';
import { zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';
import { jpegFile } from '../support/imagery/made-files.ts';

const VIN = testVin(1);
const MEDIA = 0x0801;
const MOSAIC: JtSettings = {
  ...TCP,
  imagery: { treatment: 'mosaic', intervalSeconds: 10, exterior: [{ channel: 1, camera: 'front' }] },
};
const picture = await jpegFile(640, 480);

/** Id, type, format, event, channel and a position, as the standard has them. */
function mediumOf(file: Buffer, { id = 7, type = 0, channel = 1, second = 50 } = {}): Buffer {
  const head = Buffer.alloc(36);
  head.writeUInt32BE(id);
  head[4] = type;
  head[7] = channel;
  head.writeUInt32BE(0x23, 12);
  head.writeUInt32BE(32_164_592, 16);
  head.writeUInt32BE(119_548_952, 20);
  Buffer.from(`2603011158${second}`, 'hex').copy(head, 30);
  return Buffer.concat([head, file]);
}

const imagesIn = (zones: ReturnType<typeof zonesOf>): readonly ImageFrame[] =>
  Object.values(zones).flatMap(({ records }) => records.filter((one) => one.kind === 'image')) as readonly ImageFrame[];

/** Causes of what was removed, from the ledger. */
function removalsIn(directory: string): readonly string[] {
  const ledger = openReadOnly(join(directory, 'ledger.sqlite'));
  const rows = ledger.prepare('SELECT removals FROM batch WHERE removals IS NOT NULL').pluck().all() as string[];
  ledger.close();
  return rows.flatMap((row) => (JSON.parse(row) as readonly { cause: string }[]).map(({ cause }) => cause));
}

/** Whether a run of the raw picture lies in a record or a payload. */
function holdsRaw(zones: ReturnType<typeof zonesOf>): boolean {
  const kept = Object.values(zones).flatMap(({ records, payloads }) => [
    ...records.map((one) => JSON.stringify(one)),
    ...payloads.map(({ payload }) => payload.toString('base64')),
  ]);
  const [at, length] = [2_000, 24];
  const runs = [
    picture.subarray(at, at + length),
    picture.subarray(at + 1, at + length),
    picture.subarray(at + 2, at + length),
  ];
  return kept.some((text) => runs.some((run) => text.includes(run.toString('base64').slice(0, 16))));
}

describe('a picture of a terminal', () => {
  test('in more than a hundred parts, shuffled, sent twice and some lost, becomes one mosaic, and nothing else of it is kept', async () => {
    const { dial, directory, close, setClock, terminals } = await serveJt(VIN, MOSAIC);
    const terminal = dial();
    await terminal.enter();
    const parts = jtParts(MEDIA, mediumOf(picture), 0xfff0);
    expect(parts.length).toBeGreaterThan(100);
    const lost = [40, 90];
    const sent = parts.filter((_, index) => !lost.includes(index)).sort((one, other) => one.compare(other));
    for (const part of [...sent, ...sent.slice(0, 30)]) terminal.send(part);
    await expect.poll(() => terminals.status().frames.part).toBe(sent.length + 30);
    expect(terminal.answers()).toHaveLength(2);
    setClock(NOW + QUIET_MS);
    const [, , asked] = await terminal.answered(3);
    expect(asked).toMatchObject({ message: 'media-answer', body: { id: 7, parts: lost.map((index) => index + 1) } });
    for (const index of lost) terminal.send(parts[index] ?? Buffer.alloc(0));
    const answers = await terminal.answered(4);
    expect(answers[3]).toMatchObject({ message: 'media-answer', body: { id: 7 } });
    expect(answers[3]?.body['parts']).toBeUndefined();
    terminal.send(parts[3] ?? Buffer.alloc(0));
    expect((await terminal.answered(5))[4]).toMatchObject({ message: 'media-answer', body: { id: 7 } });
    await close();
    const zones = zonesOf(directory);
    const images = imagesIn({ important: zones['important'] ?? { records: [], payloads: [] } });
    expect(images).toEqual(imagesIn(zones));
    expect(images).toMatchObject([
      { camera: CAMERA_LABELS.front, treatment: IMAGE_TREATMENTS.mosaic, width: 20, height: 15 },
    ]);
    expect(readMosaicPng(Uint8Array.from(images[0]?.data ?? []))).toBeDefined();
    expect(holdsRaw(zones)).toBe(false);
    expect(removalsIn(directory)).toEqual([]);
  });

  test.each([
    ['where no treatment is set', TCP, {}, 'imagery'],
    ['of a channel that nobody said looks outside', MOSAIC, { channel: 2 }, 'image-cabin'],
    [
      'to be redacted without a detector',
      { ...MOSAIC, imagery: { ...MOSAIC.imagery, treatment: 'redact' } } as JtSettings,
      {},
      'detector-missing',
    ],
    ['that is sound', MOSAIC, { type: 1 }, 'audio'],
  ])('%s is let go and answered, and why is on record', async (_, settings, more, cause) => {
    const { dial, directory, close, terminals } = await serveJt(VIN, settings);
    const terminal = dial();
    await terminal.enter();
    for (const part of jtParts(MEDIA, mediumOf(picture, more), 10)) terminal.send(part);
    expect((await terminal.answered(3))[2]).toMatchObject({ message: 'media-answer', body: { id: 7 } });
    expect(terminals.status().frames).toMatchObject({ 'dropped-medium': 1 });
    await close();
    const zones = zonesOf(directory);
    expect([imagesIn(zones), holdsRaw(zones)]).toEqual([[], false]);
    expect(removalsIn(directory)).toEqual([cause]);
    expect(zones['geographic']?.records).toHaveLength(1);
  });

  test('too soon after another of its camera is let go, and one that is sent again is the same', async () => {
    const { dial, directory, close } = await serveJt(VIN, MOSAIC);
    const terminal = dial();
    await terminal.enter();
    const small = await jpegFile(40, 40);
    const media = [{ second: 50 }, { second: 55, id: 8 }, { second: 50 }, { second: 39, id: 9 }];
    for (const [index, one] of media.entries())
      for (const part of jtParts(MEDIA, mediumOf(small, one), 100 * (index + 1))) terminal.send(part);
    await terminal.answered(2 + media.length);
    await close();
    expect(imagesIn(zonesOf(directory))).toHaveLength(2);
    expect(removalsIn(directory)).toEqual(['sensor-interval']);
  });

  test('that is none, or comes under another number, leaves no byte of its file in quarantine', async () => {
    const { dial, directory, close } = await serveJt(VIN, MOSAIC);
    const terminal = dial();
    await terminal.enter();
    const parts = jtParts(MEDIA, mediumOf(picture.subarray(2)), 10);
    for (const part of parts) terminal.send(part);
    await terminal.answered(2 + parts.length);
    const [foreign = Buffer.alloc(0)] = jtParts(MEDIA, mediumOf(picture).subarray(1_800), 500, {
      phone: '013900000002',
    });
    terminal.send(foreign);
    terminal.send(jtBytes('heartbeat', {}, 600));
    await terminal.answered(parts.length + 4);
    await close();
    const zones = zonesOf(directory);
    expect(zones['quarantine']?.payloads.map(({ reason }) => reason)).toEqual([
      'TERMINAL_LAYOUT',
      'TERMINAL_VIN_MISMATCH',
    ]);
    expect(holdsRaw(zones)).toBe(false);
  });
});
