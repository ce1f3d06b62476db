import type { SignalValue } from '../../../proto/words/raw-frame.ts';
import type { FrameSourceEvents } from '../../ports/frame-source.ts';
import { createSignalWindow, type SignalWindow } from '../signal-window.ts';
import { type CanDatabase, type CanMessage, type CanSignal, isPresent, messageKey, rawValue } from './can-database.ts';
import type { CanFrame } from './can-frame.ts';
import type { CanMapping, MappedSignal } from './can-mapping.ts';

/** Turns the frames of a bus into signals by VSS path, one frame of them an interval. */
export interface FrameTranslator {
  readonly take: (frame: CanFrame) => void;
  /** Gives what the interval has so far. */
  readonly flush: () => void;
}

export interface TranslatorSettings {
  readonly database: CanDatabase;
  readonly mapping: CanMapping;
  readonly intervalMs: number;
}

/** What the mapping names and the DBC file does not have: signals, and names of values. */
export function unknownNames(database: CanDatabase, mapping: CanMapping): readonly string[] {
  const known = new Map<string, CanSignal>();
  for (const { name, signals } of database.values()) {
    for (const signal of signals.values()) known.set(`${name}.${signal.name}`, signal);
  }
  return mapping.signals.flatMap(({ signal: name, values = {} }) => {
    const signal = known.get(name);
    if (signal === undefined) return [name];
    const named = new Set(signal.names.values());
    return Object.keys(values).filter((key) => !isRawValue(key) && !named.has(key));
  });
}

const isRawValue = (key: string): boolean => /^-?\d{1,15}$/.test(key);

export function translateFrames(
  settings: TranslatorSettings,
  events: Pick<FrameSourceEvents, 'onFrame' | 'onRemoved'>,
): FrameTranslator {
  const plans = planMessages(settings);
  const window = createSignalWindow(settings.intervalMs, events.onFrame);
  return {
    flush: window.flush,
    take: (frame) => {
      const plan = plans.get(messageKey(frame.id, frame.isExtended));
      // A frame that the DBC file does not know has at least one signal nobody asked for.
      if (plan === undefined) return events.onRemoved('signal-not-mapped', 1);
      const sometimes = plan.sometimes.filter((signal) => isPresent(plan.message, signal, frame.bytes)).length;
      const others = plan.always + sometimes;
      if (others > 0) events.onRemoved('signal-not-mapped', others);
      for (const wanted of plan.wanted) takeSignal(plan.message, wanted, frame, window, events);
    },
  };
}

interface Wanted {
  readonly signal: CanSignal;
  readonly mapped: MappedSignal;
  /** VSS value by raw value. */
  readonly values?: ReadonlyMap<number, SignalValue>;
}

interface MessagePlan {
  readonly message: CanMessage;
  readonly wanted: readonly Wanted[];
  /** How many signals that no path is given to are in every frame. */
  readonly always: number;
  /** Signals that no path is given to and that a multiplexor lets in. */
  readonly sometimes: readonly CanSignal[];
}

function planMessages({ database, mapping }: TranslatorSettings): ReadonlyMap<number, MessagePlan> {
  const byName = new Map<string, MappedSignal[]>();
  for (const one of mapping.signals) byName.set(one.signal, [...(byName.get(one.signal) ?? []), one]);
  const plans = new Map<number, MessagePlan>();
  for (const [key, message] of database) {
    const wanted: Wanted[] = [];
    const others: CanSignal[] = [];
    for (const signal of message.signals.values()) {
      const named = byName.get(`${message.name}.${signal.name}`) ?? [];
      for (const mapped of named) wanted.push(wantedOf(signal, mapped));
      if (named.length === 0) others.push(signal);
    }
    const sometimes = others.filter(({ when }) => when !== undefined);
    plans.set(key, { message, wanted, always: others.length - sometimes.length, sometimes });
  }
  return plans;
}

function wantedOf(signal: CanSignal, mapped: MappedSignal): Wanted {
  if (mapped.values === undefined) return { signal, mapped };
  const values = new Map<number, SignalValue>();
  for (const [key, value] of Object.entries(mapped.values)) {
    if (isRawValue(key)) values.set(Number(key), value);
    else for (const [raw, name] of signal.names) if (name === key) values.set(raw, value);
  }
  return { signal, mapped, values };
}

function takeSignal(
  message: CanMessage,
  wanted: Wanted,
  { bytes, at }: CanFrame,
  window: SignalWindow,
  events: Pick<FrameSourceEvents, 'onRemoved'>,
): void {
  const { signal, mapped } = wanted;
  if (!isPresent(message, signal, bytes)) return;
  const raw = rawValue(bytes, signal.layout);
  const value = raw === undefined ? undefined : vssValue(raw, wanted);
  if (value === undefined) events.onRemoved('signal-invalid', 1);
  else if (!window.add(at, mapped.path, value, mapped.aggregate)) events.onRemoved('signal-aggregated', 1);
}

function vssValue(raw: number, { signal, mapped, values }: Wanted): SignalValue | undefined {
  if (values !== undefined) return values.get(raw);
  const physical = raw * signal.factor + signal.offset;
  const { valid } = mapped;
  if (valid !== undefined && !(physical >= valid.min && physical <= valid.max)) return undefined;
  const value = physical * mapped.scale + mapped.offset;
  return Number.isFinite(value) ? value : undefined;
}
