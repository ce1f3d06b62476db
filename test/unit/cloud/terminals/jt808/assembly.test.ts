import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ASSEMBLIES_MAX,
  ASSEMBLY_BYTES_MAX,
  ASSEMBLY_MS_MAX,
  createAssembly,
} from '../../../../../cloud/terminals/jt808/assembly.ts';
import type { JtFrame } from '../../../../../cloud/terminals/jt808/frame.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

const at = (ms: number): Instant => ms as Instant;

function partOf(index: number, total: number, body: Buffer, first = 100): JtFrame {
  return {
    ...{
      id: 0x0801,
      properties: 0x2000,
      version: undefined,
      phone: '013900000001',
      serial: (first + index - 1) & 0xffff,
    },
    ...{ part: { total, index }, body, checksum: 0, isChecksumGood: true, isLengthGood: true },
  };
}

describe('messages in parts', () => {
  test('come together in every order, parts that came twice included', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 0, max: 0xffff }), fc.infiniteStream(fc.nat()), (parts, first, draws) => {
        const frames = parts.map((body, place) => partOf(place + 1, parts.length, Buffer.from(body), first));
        const last = frames.pop();
        const sent = [...frames, ...frames.slice(0, 2)].sort(() => (draws.next().value % 2) - 0.5);
        const assembly = createAssembly(() => expect.unreachable());
        for (const frame of sent) expect(assembly.push(frame, at(0))).toBeUndefined();
        const whole = last && assembly.push(last, at(0));
        expect(whole?.body).toEqual(Buffer.concat(parts));
        expect(whole?.part).toBeUndefined();
        expect(assembly.held()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('one that waits too long is given up, and counted once', () => {
    const losses: string[] = [];
    const assembly = createAssembly((loss) => losses.push(loss));
    assembly.push(partOf(1, 2, Buffer.alloc(9)), at(0));
    expect(assembly.push(partOf(2, 2, Buffer.alloc(9)), at(ASSEMBLY_MS_MAX + 1))).toBeUndefined();
    expect(losses).toEqual(['late']);
    expect(assembly.held()).toBe(9);
  });

  test('no more are held than the limits say, and a part outside its message is none', () => {
    const losses: string[] = [];
    const assembly = createAssembly((loss) => losses.push(loss));
    for (let first = 0; first < ASSEMBLIES_MAX + 3; first += 1)
      assembly.push(partOf(1, 2, Buffer.alloc(1), first * 10), at(0));
    expect(losses).toEqual(['too-many', 'too-many', 'too-many']);
    expect(assembly.push(partOf(3, 2, Buffer.alloc(1)), at(0))).toBeUndefined();
    const body = Buffer.alloc(1_023);
    for (let index = 1; index < 9_000; index += 1) {
      assembly.push(partOf(index, 9_000, body, 5), at(0));
      expect(assembly.held()).toBeLessThanOrEqual(ASSEMBLY_BYTES_MAX);
    }
    expect(losses).toContain('contradicting');
    expect(losses).toContain('too-large');
  });
});
