import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { KNOWN_FACE, knownFace, knownNothing } from '../../../../cloud/ingest/known-picture.ts';
import { createPictureSample, LOOKS_WAITING_MAX } from '../../../../cloud/ingest/picture-sample.ts';
import { createTrustKeeper } from '../../../../cloud/ingest/trust-keeper.ts';
import type { PictureDetector } from '../../../../cloud/ports/picture-detector.ts';
import type { ImageFrame } from '../../../../proto/codec/sensor-frames.ts';
import type { Box, DetectorFault } from '../../../../proto/imagery/detector.ts';
import type { Pixels } from '../../../../proto/imagery/picture-codec.ts';
import { fail, ok } from '../../../../proto/words/result.ts';
import { batchOf, NOW, seal, signalFrame } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { runGateway } from '../../../support/cloud/gateway-run.ts';
import { redactedFrame } from '../../../support/cloud/redacted.ts';
import { QUARANTINED, type QuarantineRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { IMAGE } from '../../../support/edge/candidates.ts';

type Seen = readonly Box[] | DetectorFault;

/** A detector that answers what a test says, of the drawn pictures and of all others. */
function answering(onFace: Seen, onNothing: Seen, onOthers: Seen = []): PictureDetector {
  const isFlat = ({ rgb }: Pixels): boolean => Buffer.compare(rgb, knownNothing().rgb) === 0;
  return {
    look: async (picture) => {
      const seen = 'rgb' in picture ? (isFlat(picture) ? onNothing : onFace) : onOthers;
      return typeof seen === 'string' ? fail(seen) : ok(seen);
    },
    close: async () => undefined,
  };
}

const box = (change: Partial<Box> = {}): Box => ({ subject: 'face', ...KNOWN_FACE, ...change });
const good = (onOthers: Seen = []) => answering([box()], [], onOthers);

const sampleOf = (detector: PictureDetector | undefined, samplingRate = 1) =>
  createPictureSample({
    detectors: detector === undefined ? [] : [{ detector, knownPicture: undefined }],
    samplingRate,
    key: Buffer.alloc(32, 1),
  });

const picture = await redactedFrame(knownFace());
const pictures = (count: number): readonly ImageFrame[] =>
  Array.from({ length: count }, (_, at) => ({ ...picture, data: Uint8Array.of(...Buffer.from(`picture ${at}`)) }));

describe('the self-test', () => {
  test.each<[string, PictureDetector, string]>([
    ['sees a face where one is and nowhere else', good(), 'passed'],
    ['always answers nothing', answering([], []), 'missed-the-face'],
    ['sees one beside it', answering([box({ x: 0, y: 0, width: 40, height: 40 })], []), 'missed-the-face'],
    ['sees a plate in the face', answering([box({ subject: 'plate' })], []), 'missed-the-face'],
    ['sees one everywhere', answering([box()], [box()]), 'saw-what-is-not-there'],
    ['gives no answer', answering('detector-missing', 'detector-missing'), 'no-answer'],
    ['breaks at the second picture', answering([box()], 'detector-failed'), 'no-answer'],
  ])('of a detector that %s', async (_, detector, outcome) => {
    const sample = sampleOf(detector);
    expect(sample.status().detector).toBe('open');
    expect(await sample.testDetectors()).toBe(outcome);
    const looking = sample.look(batchOf([picture]), 'trusted');
    expect(looking === undefined).toBe(outcome !== 'passed');
    if (outcome !== 'passed') expect(sample.status()).toMatchObject({ looked: 0, unseen: { 'self-test-failed': 1 } });
  });

  test('finds out the second of two detectors', async () => {
    const parts = [good(), answering([], [])].map((detector) => ({ detector, knownPicture: undefined }));
    const sample = createPictureSample({ detectors: parts, samplingRate: 1, key: Buffer.alloc(32) });
    expect(await sample.testDetectors()).toBe('missed-the-face');
  });

  test('with a picture of the operator asks for anything in it', async () => {
    const plates = answering([], [], [box({ subject: 'plate' })]);
    const known = { detector: plates, knownPicture: Buffer.from('a street') };
    const sample = createPictureSample({ detectors: [known], samplingRate: 1, key: Buffer.alloc(32) });
    expect(await sample.testDetectors()).toBe('passed');
  });
});

describe('what is looked at', () => {
  test('nothing without a detector, and that is said: no picture counts as looked at', () => {
    const sample = sampleOf(undefined);
    expect(sample.look(batchOf([picture]), 'trusted')).toBeUndefined();
    expect(sample.status()).toMatchObject({ detector: 'absent', looked: 0 });
    expect(sampleOf(undefined, 0).status()).toMatchObject({ detector: 'absent', samplingRate: 0 });
  });

  test('nothing before the self-test came to an end', () => {
    const sample = sampleOf(good());
    expect(sample.look(batchOf([picture]), 'trusted')).toBeUndefined();
    expect(sample.status().unseen).toEqual({ 'self-test-open': 1 });
  });

  test('redacted pictures and no others', async () => {
    const sample = sampleOf(good());
    await sample.testDetectors();
    expect(sample.look(batchOf([signalFrame(), IMAGE]), 'watched')).toBeUndefined();
    expect(await sample.look(batchOf([signalFrame(), IMAGE, picture]), 'watched')).toBe(false);
    expect(sample.status()).toMatchObject({ looked: 1, shown: 0, unseen: {} });
  });

  test('of a trusted device about the share that is configured, the same ones every time; of a watched one all', async () => {
    const [sample, again] = [sampleOf(good(), 0.3), sampleOf(good(), 0.3)];
    await Promise.all([sample.testDetectors(), again.testDetectors()]);
    const drawn = (of: typeof sample, trust: 'trusted' | 'watched') =>
      pictures(400).map((one) => of.look(batchOf([one]), trust) !== undefined);
    const { unseen } = sample.status();
    expect(unseen).toEqual({});
    const [first, second] = [drawn(sample, 'trusted'), drawn(again, 'trusted')];
    const seen = (all: readonly boolean[], status: ReturnType<typeof sample.status>) =>
      all.filter(Boolean).length + (status.unseen['queue-full'] ?? 0);
    expect(seen(first, sample.status())).toBeGreaterThan(80);
    expect(seen(first, sample.status())).toBeLessThan(160);
    expect(second).toEqual(first);
    expect(seen(drawn(sampleOf(good(), 0), 'trusted'), sampleOf(good(), 0).status())).toBe(0);
  });

  test('no more batches than may wait; the others are counted, and not as clean', async () => {
    const sample = sampleOf(good());
    await sample.testDetectors();
    const looking = pictures(LOOKS_WAITING_MAX + 3).map((one) => sample.look(batchOf([one]), 'trusted'));
    expect(looking.filter((one) => one === undefined)).toHaveLength(3);
    await Promise.all(looking);
    expect(sample.status()).toMatchObject({ looked: LOOKS_WAITING_MAX, unseen: { 'queue-full': 3 } });
  });

  test('a detector that gives no answer makes no picture clean, and is not asked about the rest of the batch', async () => {
    const sample = sampleOf(good('detector-slow'));
    await sample.testDetectors();
    expect(await sample.look(batchOf(pictures(3)), 'trusted')).toBe(false);
    expect(sample.status()).toMatchObject({ looked: 0, shown: 0, unseen: { 'detector-slow': 3 } });
  });

  test('faces and plates smaller than a redaction has to find accuse nobody', async () => {
    const seen = async (boxes: readonly Box[]) => {
      const sample = sampleOf(good(boxes));
      await sample.testDetectors();
      return sample.look(batchOf([picture]), 'trusted');
    };
    expect(await seen([box({ width: 31 }), box({ subject: 'plate', height: 15 })])).toBe(false);
    expect(await seen([box({ width: 32, height: 32 })])).toBe(true);
    expect(await seen([box({ subject: 'plate', width: 40, height: 16 })])).toBe(true);
  });
});

describe('in the gateway', () => {
  const device = testDevice(1);

  async function scene(detector: PictureDetector) {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const sample = sampleOf(detector);
    await sample.testDetectors();
    const trust = createTrustKeeper(stores.register, { now: () => NOW });
    const { gateway, told } = runGateway(stores, { pictures: sample, trust });
    const answers: unknown[] = [];
    const send = async (firstSequence = 0): Promise<void> => {
      const payload = seal(batchOf([picture], { firstSequence }), device.key);
      gateway.receive(device.registered, payload, (fault) => answers.push(fault?.code ?? 'done'));
      expect(answers).toEqual([]);
      for (let turns = 0; turns < 400 && answers.length === 0; turns += 1) await sleep(1);
    };
    const stored = () => rowsIn(directory, 'important', 'SELECT sequence FROM record');
    const refused = () => rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED).map(({ reason }) => reason);
    return { send, answers, told, stores, stored, refused };
  }

  test('a picture in which the cloud sees a face lies in quarantine before it is answered, and its device is watched', async () => {
    const { send, answers, told, stores, stored, refused } = await scene(good([box()]));
    await send();
    expect([answers, refused(), stored()]).toEqual([['done'], ['IMAGE_SHOWS_SUBJECT'], []]);
    expect(told.acknowledgements[0]?.ranges[0]?.quarantined).toBe(true);
    expect(told.alerts.map(({ code }) => code)).toEqual(['IMAGE_SHOWS_SUBJECT']);
    expect(stores.register.trustOf(1)).toBe('watched');
  });

  test('one in which it sees none, or about which there is no answer, is stored', async () => {
    for (const detector of [good(), good('detector-failed')]) {
      const { send, answers, stored, refused } = await scene(detector);
      await send();
      expect([answers, refused(), stored()]).toEqual([['done'], [], [{ sequence: 0 }]]);
    }
  });
});
