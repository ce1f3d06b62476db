import { type CanDatabase, type CanSignal, isPresent, messageKey } from './can-database.ts';
import type { CanFrame } from './can-frame.ts';
import type { CanMapping } from './can-mapping.ts';

/** A signal that a frame carries, whatever its value. */
export interface NamedSignal {
  /** `Message.Signal`, as the DBC file has it. */
  readonly name: string;
  /** What the mapping makes of it; absent where it goes nowhere. */
  readonly path?: string;
}

/** Names what stands in frames without reading a value; nothing for a frame of a number that the database has not. */
export function nameSignals(
  database: CanDatabase,
  mapping: CanMapping,
): (frame: Pick<CanFrame, 'id' | 'isExtended' | 'bytes'>) => readonly NamedSignal[] {
  const pathsOf = new Map<string, string[]>();
  for (const { signal, path } of mapping.signals) pathsOf.set(signal, [...(pathsOf.get(signal) ?? []), path]);
  const named = (message: string, signal: CanSignal): readonly NamedSignal[] => {
    const name = `${message}.${signal.name}`;
    return pathsOf.get(name)?.map((path) => ({ name, path })) ?? [{ name }];
  };
  const plans = new Map(
    [...database].map(([key, message]) => [
      key,
      { message, all: [...message.signals.values()].map((signal) => ({ signal, as: named(message.name, signal) })) },
    ]),
  );
  return ({ id, isExtended, bytes }) => {
    const plan = plans.get(messageKey(id, isExtended));
    if (plan === undefined) return [];
    return plan.all.flatMap(({ signal, as }) => (isPresent(plan.message, signal, bytes) ? as : []));
  };
}
