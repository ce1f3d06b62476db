import { writeBody } from '../../../cloud/terminals/jt808/body.ts';
import { type JtFrame, propertiesOf, writeJtFrame } from '../../../cloud/terminals/jt808/frame.ts';
import { encodeJt, type JtView } from '../../../cloud/terminals/jt808/view.ts';
import type { Fields } from '../../../cloud/terminals/value.ts';

export const PHONE = '013900000001';
export const TERMINAL_ID = 'TG00001';
export const PLATE = '测A88888';

export const is2013 = { protocol: 'jt808-2013', phone: PHONE } as const;
export const is2019 = { protocol: 'jt808-2019', phone: PHONE.padStart(20, '0'), version: 1 } as const;
export type Edition = typeof is2013 | typeof is2019;

/** The bytes of a message of a terminal. */
export function jtBytes(message: string | number, body: Fields, serial: number, more: Partial<JtView> = {}): Buffer {
  const edition = more.protocol === 'jt808-2019' ? is2019 : is2013;
  const view = { ...edition, properties: propertiesOf(edition === is2019, false), serial };
  const bytes = encodeJt({ ...view, message, checksum: 'good', length: 'good', body, ...more });
  if (!bytes.ok) throw new Error(`${message}: ${bytes.fault.code}`);
  return bytes.value;
}

/** A batch of positions, of any length, before it is sent in parts. */
export function batchBody(positions: readonly Fields[]): Buffer {
  const bytes = writeBody(0x0704, 2013, { total: positions.length, type: 1, positions });
  if (bytes === undefined) throw new Error('a batch');
  return bytes;
}

/** A body in parts of so many bytes, with ascending serials. */
export function jtParts(
  id: number,
  body: Buffer,
  firstSerial: number,
  { partBytes = 900, phone = PHONE as string } = {},
): readonly Buffer[] {
  const total = Math.ceil(body.length / partBytes);
  return Array.from({ length: total }, (_, at) => {
    const frame: JtFrame = {
      ...{ id, properties: propertiesOf(false, true), version: undefined, phone, checksum: 0 },
      ...{ serial: (firstSerial + at) & 0xffff, part: { total, index: at + 1 } },
      body: body.subarray(at * partBytes, (at + 1) * partBytes),
      ...{ isChecksumGood: true, isLengthGood: true },
    };
    const bytes = writeJtFrame(frame);
    if (!bytes.ok) throw new Error(bytes.fault.code);
    return bytes.value;
  });
}

export const REGISTRATION: Fields = {
  ...{ province: 31, city: 115, maker: 'TG', model: 'M1', terminalId: TERMINAL_ID, plateColour: 1, plate: PLATE },
};

/** A position that was taken shortly before `NOW` of the tests. */
export const SAMPLE_POSITION = {
  ...{ alarm: 0, status: 3, latitude: 32.164592, longitude: 119.548952, elevation: 12, speed: 36.5, direction: 90 },
  ...{ at: '2026-03-01T11:59:50+08:00', extras: [{ extra: 'mileage', value: 125.5 }] },
} satisfies Fields;

/** What a terminal was answered, in short. */
export const briefAnswers = (views: readonly JtView[]) =>
  views.map(({ message, body }) => [message, body['answeredSerial'], body['result']]);
