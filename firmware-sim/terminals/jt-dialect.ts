import { type Dialect, type Said, type Saying, shanghaiTime, type Verdict } from './dialect.ts';
import { positionOf } from './terminal-plan.ts';

const PHONE_DIGITS = 12;
const SERIALS = 0x10000;
/** Bit 0: the ignition is on; bit 1: there is a fix. */
const ON_WITH_FIX = 0b11;
/** Length of its body, in the ten low bits; the codec writes it. */
const PLAIN = 0;

/** Terminals of JT/T 808-2013, which most vehicles on the road still speak. */
export const JT_DIALECT: Dialect = {
  greeting: [
    ({ plan, ...saying }) =>
      say({ plan, ...saying }, 'registration', {
        ...{ province: 11, city: 100, maker: 'TGSIM', model: 'sim', terminalId: plan.terminalId },
        // Without a plate yet, the vehicle is named by its VIN (8.8).
        ...{ plateColour: 0, plate: plan.vin },
      }),
    (saying) => say(saying, 'authentication', { code: saying.secret }),
  ],
  report: (saying) => {
    const { latitude, longitude } = positionOf(saying.plan, saying.report);
    return say(saying, 'location', {
      ...{ alarm: 0, status: ON_WITH_FIX, latitude, longitude, elevation: 40, speed: 36.5 },
      ...{
        direction: saying.report % 360,
        at: shanghaiTime(saying.now),
        extras: [{ extra: 'mileage', value: 1_234.5 }],
      },
    });
  },
  farewell: (saying) => say(saying, 'deregistration', {}),
  verdictOf,
};

function say({ plan, serial }: Saying, message: string, body: object): Said {
  const phone = plan.phone.padStart(PHONE_DIGITS, '0');
  const head = { protocol: 'jt808-2013', message, properties: PLAIN, phone, serial: serial % SERIALS };
  return { key: String(serial % SERIALS), words: { ...head, checksum: 'good', length: 'good', body } };
}

function verdictOf({ message, body }: Readonly<Record<string, unknown>>): Verdict {
  const isAnswer = message === 'platform-answer' || message === 'registration-answer';
  if (!isAnswer || typeof body !== 'object' || body === null) return { kind: 'other' };
  const { answeredSerial, result, code } = body as Readonly<Record<string, unknown>>;
  return {
    kind: result === 0 ? 'accepted' : 'refused',
    key: String(answeredSerial),
    ...(typeof code === 'string' ? { secret: code } : {}),
  };
}
