import { onTestFinished } from 'vitest';
import type { Zone } from '../../../proto/words/data-class.ts';
import { openStores } from './open-stores.ts';
import { scratchDirectory } from './stores.ts';
import { connectTerminal, registerTerminal, serveTerminals, type TestTerminal } from './terminal-run.ts';
import { openZone } from './zones.ts';

/** A port over stores of its own, closed when the test is over. @param vins - of terminals that are registered */
export async function serveScratch(vins: readonly string[], iccid: string, settings: object = {}) {
  const directory = scratchDirectory();
  const stores = openStores(directory, []);
  for (const vin of vins) registerTerminal(stores, vin, iccid);
  const run = await serveTerminals(stores, {}, settings);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await run.terminals.close();
    stores.close();
  };
  onTestFinished(close);
  const dial = (): TestTerminal => {
    const terminal = connectTerminal(run.terminals.status().port);
    onTestFinished(terminal.end);
    return terminal;
  };
  return { ...run, stores, directory, dial, close };
}

/** What each zone holds, opened with the keys of the test. */
export function zonesOf(directory: string) {
  const names = ['general', 'personal', 'geographic', 'important', 'quarantine'] as const satisfies readonly Zone[];
  return Object.fromEntries(
    names.map((name) => {
      const zone = openZone(directory, name);
      const records = [...zone.records()].map(({ content }) => content);
      const payloads = [...zone.payloads()].map(({ reason, payload }) => ({ reason, payload: Buffer.from(payload) }));
      zone.close();
      return [name, { records, payloads }];
    }),
  );
}

export function readingsIn(records: readonly { readonly kind: string }[]) {
  return records.flatMap((content) =>
    'signals' in content ? (content.signals as readonly { path: string; value: number | string | boolean }[]) : [],
  );
}
