import { expect, test } from 'vitest';
import type { RegisteredDevice } from '../../../../../cloud/ports/device-register.ts';
import type { RegisteredTerminal } from '../../../../../cloud/ports/terminal-register.ts';
import { claimedTerminal } from '../../../../../cloud/terminals/ingress/binding.ts';
import { createPresence } from '../../../../../cloud/terminals/ingress/presence.ts';
import { redacted } from '../../../../../proto/words/redacted.ts';
import type { Instant } from '../../../../../proto/words/time.ts';
import type { DeviceId } from '../../../../../proto/words/topics.ts';
import type { Vin } from '../../../../../proto/words/vin.ts';
import { testVin } from '../../../../support/cloud/vins.ts';

const vin = (number: number) => redacted(testVin(number) as Vin);
const TERMINAL: RegisteredTerminal = {
  ...{ device: 'aa' as DeviceId, number: 1, vin: vin(1), sources: ['10.0.0.0/8'], code: new Uint8Array(16) },
};
const register = { findTerminal: (_: string, name: string) => (name === '1' ? TERMINAL : undefined) };
const certified = (number: number) => ({ device: 'bb' as DeviceId, number: 9, vin: vin(number) }) as RegisteredDevice;

test('a number is claimed from its networks, and over TLS with the certificate of its vehicle only', () => {
  const near = (device?: RegisteredDevice) => ({ device, isWithin: () => true });
  expect(claimedTerminal('1', near(), register)).toBe(TERMINAL);
  expect(claimedTerminal('2', near(), register)).toBeUndefined();
  expect(claimedTerminal('1', { device: undefined, isWithin: () => false }, register)).toBeUndefined();
  expect(claimedTerminal('1', near(certified(1)), register)).toBe(TERMINAL);
  expect(claimedTerminal('1', near(certified(2)), register)).toBeUndefined();
});

test('a connection ends with its terminal and with its certificate', () => {
  for (const barred of ['aa', 'bb']) {
    const presence = createPresence();
    let ends = 0;
    const end = (): void => {
      ends += 1;
    };
    presence.supersede('aa' as DeviceId, { heardAt: () => 0 as Instant, end, certified: 'bb' as DeviceId });
    presence.cutOff((device) => device !== 'cc');
    expect(ends).toBe(0);
    presence.cutOff((device) => device !== barred);
    expect(ends).toBe(1);
  }
});
