import { onTestFinished } from 'vitest';
import { openJtTerminals } from '../../../cloud/open-jt-terminals.ts';
import type { CloudStores } from '../../../cloud/open-stores.ts';
import { terminalCode } from '../../../cloud/partition/recipient-tag.ts';
import { plateCode } from '../../../cloud/terminals/ingress/binding.ts';
import { type JtFrame, propertiesOf, writeJtFrame } from '../../../cloud/terminals/jt808/frame.ts';
import { createJtStream } from '../../../cloud/terminals/jt808/stream.ts';
import { encodeJt, type JtView, viewOfJt } from '../../../cloud/terminals/jt808/view.ts';
import type { Fields } from '../../../cloud/terminals/value.ts';
import { openStores } from './open-stores.ts';
import { scratchDirectory } from './stores.ts';
import { connectTerminal, PSEUDONYM_KEY, servePort, type TerminalSettings, vinFrom } from './terminal-run.ts';

export const PHONE = '013900000001';
export const TERMINAL_ID = 'TG00001';
export const PLATE = '测A88888';

/** Registers a terminal that may come from this machine. */
export function registerJtTerminal(
  stores: CloudStores,
  vin: string,
  { phone = PHONE, sources = ['127.0.0.0/8'], plate = undefined as string | undefined, again = false } = {},
): void {
  const device = Buffer.from(vin.slice(-8)).toString('hex').padEnd(32, '0');
  const digest = plate === undefined ? undefined : terminalCode(PSEUDONYM_KEY, plateCode(plate));
  stores.register.addTerminals([
    {
      ...{ protocol: 'jt808', name: phone.replace(/^0+/, ''), device, vin: vinFrom(vin), sources },
      ...{ code: terminalCode(PSEUDONYM_KEY, TERMINAL_ID), enrol: { plate: digest, again } },
    },
  ]);
}

export type JtSettings = NonNullable<NonNullable<TerminalSettings['terminals']>['jt808']>;

export const TCP: JtSettings = { older: 2013, idleSeconds: 60, tcp: { host: '127.0.0.1', port: 0 } };

/** A port over stores of its own, closed when the test is over. */
export async function serveJt(
  vin: string,
  settings: JtSettings = TCP,
  confidentiality: NonNullable<TerminalSettings['confidentiality']> = [],
) {
  const directory = scratchDirectory();
  const stores = openStores(directory, []);
  registerJtTerminal(stores, vin);
  const run = await servePort(stores, openJtTerminals, { confidentiality, terminals: { jt808: settings } });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await run.terminals.close();
    stores.close();
  };
  onTestFinished(close);
  const dial = (): JtTerminal => {
    const socket = connectTerminal(run.terminals.status().port);
    onTestFinished(socket.end);
    return jtTerminal(socket);
  };
  return { ...run, stores, directory, close, dial };
}

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

/** A body in parts of so many bytes, with ascending serials. */
export function jtParts(id: number, body: Buffer, firstSerial: number, partBytes = 900): readonly Buffer[] {
  const total = Math.ceil(body.length / partBytes);
  return Array.from({ length: total }, (_, at) => {
    const frame: JtFrame = {
      ...{ id, properties: propertiesOf(false, true), version: undefined, phone: PHONE, checksum: 0 },
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

export interface JtTerminal {
  readonly send: (bytes: Uint8Array) => void;
  /** What came back so far. */
  readonly answers: () => readonly JtView[];
  /** Resolves with all answers once there are so many. */
  readonly answered: (count: number) => Promise<readonly JtView[]>;
  readonly ended: Promise<unknown>;
  readonly end: () => void;
  /** Registers, authenticates, and waits until both were answered; gives the code. */
  readonly enter: () => Promise<string>;
}

type Wire = Pick<ReturnType<typeof connectTerminal>, 'send' | 'ended' | 'end' | 'answers' | 'answered'>;

export function jtTerminal(wire: Wire): JtTerminal {
  const read = (): readonly JtView[] => {
    const views: JtView[] = [];
    const stream = createJtStream({
      frame: (frame) => views.push(viewOfJt(frame)),
      fault: (code) => {
        throw new Error(code);
      },
    });
    stream.push(wire.answers());
    return views;
  };
  const answered = async (count: number): Promise<readonly JtView[]> => {
    for (let bytes = 1; ; bytes += 1) {
      const got = await wire.answered(bytes);
      const views = read();
      if (views.length >= count) return views;
      bytes = got.length;
    }
  };
  return {
    ...{ send: wire.send, ended: wire.ended, end: wire.end, answers: read, answered },
    enter: async () => {
      wire.send(jtBytes('registration', REGISTRATION, 1));
      const [registered] = await answered(1);
      const code = String(registered?.body['code']);
      wire.send(jtBytes('authentication', { code }, 2));
      await answered(2);
      return code;
    },
  };
}
