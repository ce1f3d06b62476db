import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSignature } from '../../../../cloud/ingest/admit.ts';
import { AHEAD_MAX, createVerifyAhead } from '../../../../cloud/ingest/verify-ahead.ts';
import { batchOf, seal, signalFrame } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';

const device = testDevice(1);
const payloadOf = (number: number): Uint8Array => Uint8Array.of(number >> 8, number & 0xff);

/** Verifications that end when the test says so. */
function scene() {
  const told: ((isSigned: boolean | undefined) => void)[] = [];
  const taken: { readonly number: number; readonly isSigned: boolean | undefined }[] = [];
  const ahead = createVerifyAhead(
    (_device, payload, _done, isSigned) =>
      taken.push({ number: (payload[0] ?? 0) * 256 + (payload[1] ?? 0), isSigned }),
    (_payload, _device, tell) => told.push(tell),
  );
  const receive = (number: number): void => ahead.receive(device.registered, payloadOf(number), () => undefined);
  return { told, taken, receive, settle: ahead.settle };
}

describe('createVerifyAhead', () => {
  test('whatever order verifications end in, payloads go on in the order they came, each with its own answer', () => {
    const answers = fc.array(fc.constantFrom(true, false, undefined), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(answers, fc.infiniteStream(fc.nat()), (wanted, order) => {
        const { told, taken, receive } = scene();
        for (const [number] of wanted.entries()) receive(number);
        const left = wanted.map((_, number) => number);
        for (const draw of order) {
          const [number = 0] = left.splice(draw % left.length, 1);
          told[number]?.(wanted[number]);
          if (left.length === 0) break;
        }
        expect(taken).toEqual(wanted.map((isSigned, number) => ({ number, isSigned })));
      }),
    );
  });

  test('a flush waits for nobody: what is not known goes on without an answer, and one that comes later changes nothing', () => {
    const { told, taken, receive, settle } = scene();
    receive(0);
    receive(1);
    told[1]?.(true);
    settle();
    told[0]?.(true);
    expect(taken).toEqual([
      { number: 0, isSigned: undefined },
      { number: 1, isSigned: true },
    ]);
  });

  test('no more than so many wait', () => {
    const { taken, receive } = scene();
    for (let number = 0; number <= AHEAD_MAX; number += 1) receive(number);
    expect(taken).toEqual([{ number: 0, isSigned: undefined }]);
  });
});

describe('checkSignature', () => {
  const signed = seal(batchOf([signalFrame()]), device.key);
  const changed = signed.with(-1, (signed.at(-1) ?? 0) ^ 1);
  const asked = (payload: Uint8Array, of = device): Promise<boolean | undefined> =>
    new Promise((resolve) => checkSignature(payload, of.registered, resolve));

  test('knows the device that signed, any other, and bytes that nobody did', async () => {
    expect(await asked(signed)).toBe(true);
    expect(await asked(signed, testDevice(2))).toBe(false);
    expect(await asked(changed)).toBe(false);
    expect(await asked(Uint8Array.of(1, 2, 3))).toBeUndefined();
  });
});
