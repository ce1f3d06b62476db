import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ASKS_MAX,
  ASSEMBLIES_MAX,
  ASSEMBLY_BYTES_MAX,
  ASSEMBLY_MS_MAX,
  type Assembly,
  type AssemblyLoss,
  createAssembly,
  createRoom,
  PART_OVERHEAD_BYTES,
  PARTS_MAX,
  QUIET_MS,
} from '../../../../../cloud/terminals/jt808/assembly.ts';
import type { JtFrame } from '../../../../../cloud/terminals/jt808/frame.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

const ROOM_BYTES = 8_388_608;
const assemblyOf = (onLoss: (loss: AssemblyLoss) => void, bytes = ROOM_BYTES): Assembly =>
  createAssembly(onLoss, createRoom(bytes));
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
        const assembly = assemblyOf(() => expect.unreachable());
        for (const frame of sent) expect(assembly.push(frame, at(0)).kind).toBe('waits');
        const whole = last && assembly.push(last, at(0));
        expect(whole).toMatchObject({ kind: 'whole', frame: { body: Buffer.concat(parts), part: undefined } });
        if (last !== undefined) expect(assembly.push(last, at(1)).kind).toBe('again');
        expect(assembly.held()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('one that waits too long is given up, and counted once', () => {
    const losses: string[] = [];
    const assembly = assemblyOf((loss) => losses.push(loss));
    assembly.push(partOf(1, 2, Buffer.alloc(9)), at(0));
    expect(assembly.push(partOf(2, 2, Buffer.alloc(9)), at(ASSEMBLY_MS_MAX + 1)).kind).toBe('waits');
    expect(losses).toEqual(['late']);
    expect(assembly.held()).toBe(9 + PART_OVERHEAD_BYTES);
  });

  test('no more are held than the limits say, and a part outside its message is none', () => {
    const losses: string[] = [];
    const assembly = assemblyOf((loss) => losses.push(loss));
    for (let first = 0; first < ASSEMBLIES_MAX + 3; first += 1)
      assembly.push(partOf(1, 2, Buffer.alloc(1), first * 10), at(0));
    expect(losses).toEqual(['too-many', 'too-many', 'too-many']);
    expect(assembly.push(partOf(3, 2, Buffer.alloc(1)), at(0)).kind).toBe('lost');
    expect(assembly.push(partOf(1, PARTS_MAX + 1, Buffer.alloc(1)), at(0)).kind).toBe('lost');
    const body = Buffer.alloc(1_023);
    for (let index = 1; index < 2 * PARTS_MAX; index += 1) {
      assembly.push(partOf((index >> 1) + 1, PARTS_MAX, body, index % 2 === 0 ? 5 : 9_000), at(0));
      expect(assembly.held()).toBeLessThanOrEqual(ASSEMBLY_BYTES_MAX);
    }
    expect(losses).toContain('contradicting');
    expect(losses).toContain('too-large');
  });

  test('what is missing is asked for after a pause, so often and no more, and then the message is given up', () => {
    const losses: string[] = [];
    const assembly = assemblyOf((loss) => losses.push(loss));
    for (const index of [1, 2, 5]) assembly.push(partOf(index, 6, Buffer.from([index]), 0xfffe), at(0));
    expect(assembly.missing(at(QUIET_MS - 1))).toEqual([]);
    const asked = [...assembly.missing(at(QUIET_MS))];
    expect(asked).toMatchObject([{ firstSerial: 0xfffe, firstBody: Buffer.from([1]), parts: [3, 4, 6] }]);
    expect(assembly.missing(at(QUIET_MS + 1))).toEqual([]);
    for (let turn = 2; turn < ASKS_MAX + 4; turn += 1) asked.push(...assembly.missing(at(turn * QUIET_MS)));
    expect(asked.length).toBe(ASKS_MAX);
    expect(assembly.missing(at(ASSEMBLY_MS_MAX + 1))).toEqual([]);
    expect([losses, assembly.held()]).toEqual([['late'], 0]);
  });

  test('connections share their room, and give it back', () => {
    const losses: string[] = [];
    const room = createRoom(3 * (PART_OVERHEAD_BYTES + 9));
    const [one, other] = [0, 1].map(() => createAssembly((loss) => losses.push(loss), room));
    for (const index of [1, 2, 3]) one?.push(partOf(index, 9, Buffer.alloc(9)), at(0));
    expect(other?.push(partOf(1, 2, Buffer.alloc(9)), at(0)).kind).toBe('lost');
    expect(losses).toEqual(['too-large']);
    one?.close();
    expect(other?.push(partOf(1, 2, Buffer.alloc(9)), at(0)).kind).toBe('waits');
  });

  test('a message that could not be kept comes again', () => {
    const assembly = assemblyOf(() => expect.unreachable());
    const last = partOf(2, 2, Buffer.alloc(1));
    assembly.push(partOf(1, 2, Buffer.alloc(1)), at(0));
    const whole = assembly.push(last, at(0));
    assembly.forget(whole.kind === 'whole' ? whole.name : '');
    expect(assembly.push(last, at(0)).kind).toBe('waits');
  });
});
