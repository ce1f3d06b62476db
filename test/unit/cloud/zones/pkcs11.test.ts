import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileZoneKeys, makeZoneKeys, programFile } from '../../../../cloud/adapters/file-zone-keys.ts';
import { openSealed, sealTo } from '../../../../cloud/zones/envelope.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const PYTHON = process.env['PKCS11_PYTHON'] ?? '/usr/bin/python3';
const hasToken = existsSync(MODULE) && spawnSync(PYTHON, ['-c', 'import pkcs11']).status === 0;

const EXAMPLE = readFileSync(new URL('../../../../docs/examples/zone-key-pkcs11.py', import.meta.url), 'utf8');

describe('a zone key in a token of PKCS#11', () => {
  test.skipIf(!hasToken)(
    'opens what was sealed to it and never leaves the token (needs softhsm2, and python-pkcs11 or PKCS11_PYTHON)',
    () => {
      const directory = scratchDirectory();
      const file = (name: string, text: string, mode = 0o600): string => {
        writeFileSync(join(directory, name), text, { mode });
        return join(directory, name);
      };
      mkdirSync(join(directory, 'tokens'));
      const configuration = file('softhsm2.conf', `directories.tokendir = ${join(directory, 'tokens')}\n`);
      const env = { SOFTHSM2_CONF: configuration };
      const pins = ['--so-pin', '1234', '--pin', '5678'];
      execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'zones', ...pins], { env, stdio: 'ignore' });
      const executable = file('zone-key', EXAMPLE.replace(/^#!.*/, `#!${PYTHON}`), 0o700);
      const named = [
        '--module',
        MODULE,
        '--token',
        'zones',
        '--label',
        'personal',
        '--pin-file',
        file('pin', '5678\n'),
      ];
      const args = [...named, '--set', `SOFTHSM2_CONF=${configuration}`];

      makeZoneKeys(directory);
      rmSync(join(directory, 'personal.key'));
      writeFileSync(join(directory, 'personal.pub'), execFileSync(executable, ['--make', ...args]));
      const sha256 = createHash('sha256').update(readFileSync(executable)).digest('hex');
      const program = { executable, arguments: args, sha256, timeLimitMs: 20_000 };
      writeFileSync(programFile(directory, 'personal'), JSON.stringify(program));

      const keys = fileZoneKeys(directory, ['personal']);
      const sealed = sealTo(keys.publicKey('personal'), 'context', Buffer.from('a session'));
      const opened = openSealed((one) => keys.agree('personal', one), keys.publicKey('personal'), 'context', sealed);
      expect(opened?.toString()).toBe('a session');
      expect(spawnSync(executable, ['--make', ...args]).status).not.toBe(0);
    },
  );
});
