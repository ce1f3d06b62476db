import { openJtTerminals } from '../../../cloud/composition/open-jt-terminals.ts';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import { terminalCode } from '../../../cloud/partition/recipient-tag.ts';
import { plateCode } from '../../../cloud/terminals/ingress/binding.ts';
import { PHONE, TERMINAL_ID } from './jt-messages.ts';
import { PSEUDONYM_KEY, servePort, type TerminalRun, type TerminalSettings, vinFrom } from './terminal-run.ts';

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

/** The ports of JT/T 808 over real stores. */
export const serveJtStores = (
  stores: CloudStores,
  settings: JtSettings = TCP,
  confidentiality: NonNullable<TerminalSettings['confidentiality']> = [],
): Promise<TerminalRun> => servePort(stores, openJtTerminals, { confidentiality, terminals: { jt808: settings } });
