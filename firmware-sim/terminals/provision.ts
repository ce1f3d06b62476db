import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimProtocol } from './codec.ts';
import { planTerminal, type TerminalPlan } from './terminal-plan.ts';

export interface ProvisionOrder {
  readonly protocol: SimProtocol;
  readonly vehicles: number;
  readonly seed: string;
  /** Must not exist, so that nothing of another fleet stays in it. */
  readonly directory: string;
  /** Networks the terminals may come from. */
  readonly sources: readonly string[];
  /** Identifier of the platform that speaks for the vehicles, where they do not speak for themselves. */
  readonly platform?: string | undefined;
}

export const LIST_FILE = 'terminals.json';

/**
 * Writes what `tongguan register terminal import` takes: a list, and a file for each VIN and code.
 *
 * @returns the list
 * @throws where the directory is there, or cannot be made
 */
export function provisionTerminals({ protocol, vehicles, seed, directory, sources, platform }: ProvisionOrder): string {
  mkdirSync(directory, { mode: 0o700 });
  const keep = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const entries = Array.from({ length: vehicles }, (_, index) => {
    const plan = planTerminal(seed, index + 1);
    const vinFile = keep(`${index + 1}.vin`, plan.vin);
    if (platform !== undefined) return { protocol: 'gb32960', vinFile, platform };
    return { ...namedBy(protocol, plan, keep, index + 1), vinFile, sources };
  });
  return keep(LIST_FILE, JSON.stringify(entries));
}

function namedBy(
  protocol: SimProtocol,
  plan: TerminalPlan,
  keep: (name: string, text: string) => string,
  ordinal: number,
) {
  if (protocol !== 'jt808') return { protocol: 'gb32960', codeFile: keep(`${ordinal}.code`, plan.iccid) };
  const phoneFile = keep(`${ordinal}.phone`, plan.phone);
  return { protocol: 'jt808', phoneFile, codeFile: keep(`${ordinal}.code`, plan.terminalId) };
}
