import { type Instant, SHANGHAI_OFFSET_MS } from '../../../proto/words/time.ts';
import type { JtEdition } from '../jt808/body.ts';
import { type JtFrame, propertiesOf } from '../jt808/frame.ts';
import { encodeJt } from '../jt808/view.ts';
import type { Fields } from '../value.ts';

/** Results of the general answer (8.2). */
export const RESULT = { ok: 0, failed: 1, wrong: 2, unsupported: 3 } as const;

/** Results of the answer to a registration (8.9). */
export const REGISTRATION = { ok: 0, noVehicle: 2, registered: 3, noTerminal: 4 } as const;

/** To whom a message of the platform goes: whoever sent a frame, in the edition of its header. */
export type Addressee = Pick<JtFrame, 'version' | 'phone'>;

/** The edition that a frame is read as. @param older - what a header without a version stands for */
export const editionOf = ({ version }: Addressee, older: 2011 | 2013): JtEdition =>
  version === undefined ? older : 2019;

/** A message of the platform, in the clear and in one part. */
export function platformMessage({ version, phone }: Addressee, serial: number, message: string, body: Fields): Buffer {
  const bytes = encodeJt({
    protocol: version === undefined ? 'jt808-2013' : 'jt808-2019',
    ...{ message, properties: propertiesOf(version !== undefined, false), phone, serial, body },
    ...(version === undefined ? {} : { version }),
    ...{ checksum: 'good', length: 'good' },
  });
  return bytes.ok ? bytes.value : NOTHING;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** The time of the platform, UTC+8. */
export function platformTime(now: Instant): Fields {
  return { at: `${new Date(now + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)}+08:00` };
}
