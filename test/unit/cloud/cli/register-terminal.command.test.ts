import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { sqliteDeviceRegister } from '../../../../cloud/adapters/sqlite-device-register.ts';
import { registerTerminalCommand } from '../../../../cloud/cli/register-terminal.command.ts';
import { terminalCode } from '../../../../cloud/partition/recipient-tag.ts';
import { plateCode } from '../../../../cloud/terminals/ingress/binding.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const VIN = testVin(1);
const CARD = '89860000000000000001';
const PHONE = '13900000001';
const KEY = Buffer.alloc(32, 9);

function installation() {
  const layout = layoutOf(scratchDirectory());
  mkdirSync(layout.cloud('stores'), { recursive: true });
  const config = join(layout.root, 'cloud.yaml');
  writeFileSync(config, cloudYaml(layout, 4_433, NOW));
  writeFileSync(layout.cloud('pseudonym.key'), KEY);
  const at = (name: string): string => join(layout.root, name);
  writeFileSync(at('vin'), `${VIN}\n`);
  writeFileSync(at('card'), CARD);
  writeFileSync(at('phone'), `0${PHONE}`);
  writeFileSync(at('plate'), '测A88888');
  const register = () => sqliteDeviceRegister(layout.cloud('stores/devices.sqlite'));
  const command = (entry: object) => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    // The name of another file stands for it.
    const named = Object.entries(entry).map(([key, value]) => [key, value === 'VIN' ? at('vin') : value]);
    const whole = {
      protocol: 'gb32960',
      vinFile: at('vin'),
      codeFile: at('card'),
      sources: ['10.0.0.0/8'],
      ...Object.fromEntries(named),
    };
    writeFileSync(at('list.json'), JSON.stringify([whole]));
    const status = registerTerminalCommand(
      { config, file: at('list.json'), json: true },
      {
        ...{ environment: {}, out: say, err: say, draw: (bytes: number) => 'ab'.repeat(bytes) },
        add: (file, terminals) => {
          const opened = sqliteDeviceRegister(file);
          const added = opened.addTerminals(terminals);
          opened.close();
          return added;
        },
      },
    );
    return { status, said: lines.join('\n') };
  };
  return { command, register, at };
}

test('a terminal is registered once, changed by the next import, and is nobody by certificate', () => {
  const { command, register } = installation();
  expect(command({})).toEqual({ status: 0, said: '{"added":1,"changed":0}' });
  expect(command({ sources: ['192.0.2.0/24', '2001:db8::/32'] })).toEqual({
    status: 0,
    said: '{"added":0,"changed":1}',
  });
  const opened = register();
  const terminal = opened.findTerminal('gb32960', VIN);
  expect(terminal?.sources).toEqual(['192.0.2.0/24', '2001:db8::/32']);
  expect(Buffer.from(terminal?.code ?? []).equals(Buffer.from(terminalCode(KEY, CARD)))).toBe(true);
  expect(terminal && opened.vinOf(terminal.number)?.reveal()).toBe(VIN);
  expect(terminal && opened.find(terminal.device)).toBeUndefined();
  opened.close();
});

test('a terminal of JT/T 808 keeps the code it was given through an import, unless that says otherwise', () => {
  const { command, register, at } = installation();
  const entry = { protocol: 'jt808', phoneFile: at('phone'), plateFile: at('plate') };
  expect(command(entry).said).toBe('{"added":1,"changed":0}');
  const opened = register();
  const number = opened.findTerminal('jt808', PHONE)?.number ?? 0;
  expect(Buffer.from(opened.enrolment(number)?.plate ?? []).equals(terminalCode(KEY, plateCode('测A88888')))).toBe(
    true,
  );
  opened.issueCode(number, Buffer.from('digest'));
  opened.confirmCode(number);
  expect(command(entry).said).toBe('{"added":0,"changed":1}');
  expect(opened.enrolment(number)).toMatchObject({ code: Buffer.from('digest'), isCodeUsed: true });
  command({ ...entry, again: true });
  expect(opened.enrolment(number)).toMatchObject({ code: undefined, isCodeUsed: false });
  opened.close();
});

test.each([
  ['a network that is none', { sources: ['10.0.0.0/33'] }],
  ['no network', { sources: [] }],
  ['a terminal of JT/T 808 without a number', { protocol: 'jt808' }],
  ['a number that is none', { protocol: 'jt808', phoneFile: 'VIN' }],
  ['a protocol that nobody speaks', { protocol: 'jt809' }],
  ['a file that is not there', { codeFile: '/absent' }],
])('%s is refused, and neither VIN nor card is told', (_, entry) => {
  const { command, register } = installation();
  const { status, said } = command(entry);
  expect(status).toBe(2);
  expect(said).toContain('TERMINAL_LIST');
  expect(said).not.toContain(VIN);
  expect(said).not.toContain(CARD);
  const opened = register();
  expect(opened.countTerminals('gb32960')).toBe(0);
  opened.close();
});
