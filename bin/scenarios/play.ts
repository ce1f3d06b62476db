import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { demandOf, type Expectation, isMet, type Scenario } from '../../firmware-sim/scenarios/scenario.ts';
import type { ActName } from './acts.ts';
import { ACTS } from './acts.ts';
import { createWorld, type Told } from './world.ts';

export interface PlaySetting {
  /** The scenario's own without it. */
  readonly seed?: string | undefined;
  readonly form: 'short' | 'long';
  /** Parts of the product to switch off; for tests that see their absence noticed. */
  readonly without?: readonly string[];
  /** Told now and then how far a long scenario is: days or vehicles, of its size. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Directory in which the scenario makes one of its own, gone when it is over. */
  readonly scratch: string;
}

/** One expectation and what it met. */
export interface Met extends Pick<Expectation, 'figure'> {
  readonly demand: string;
  readonly value: number | string | undefined;
  readonly isMet: boolean;
}

export interface Played {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly passed: boolean;
  readonly met: readonly Met[];
  readonly told: readonly Told[];
  readonly figures: Readonly<Record<string, number | string>>;
  /** The same for the same scenario, seed and form, and for no other. */
  readonly digest: string;
}

/** Plays one scenario from its beginning to its end, in virtual time. @throws whatever the product throws */
export async function play(scenario: Scenario, setting: PlaySetting): Promise<Played> {
  const directory = mkdtempSync(join(setting.scratch, 'tongguan-scenario-'));
  const seed = setting.seed ?? scenario.seed;
  const size = scenario.size[setting.form];
  const world = createWorld({ seed, size, directory, without: setting.without ?? [], onProgress: setting.onProgress });
  try {
    await ACTS[scenario.id as ActName](world);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const met = scenario.expects.map((expectation): Met => {
    const value = world.figures.get(expectation.figure) ?? (hasZero(expectation) ? 0 : undefined);
    return { figure: expectation.figure, demand: demandOf(expectation), value, isMet: isMet(expectation, value) };
  });
  const figures = Object.fromEntries(world.figures);
  const passed = met.every((one) => one.isMet);
  return { scenario, seed, passed, met, told: world.told, figures, digest: world.digest() };
}

/** A count that nothing was ever added to is nought; a word that was never said is missing. */
const hasZero = (expectation: Expectation): boolean => !('is' in expectation) || typeof expectation.is === 'number';
