import type { Plugin } from 'vitest/config';

/**
 * A protection as it stands in a file, and the same place without it: both are expressions. Where it is no expression, what
 * stands in its place is code with `@off` in it, which is true while it is off.
 */
export interface Protection {
  readonly file: string;
  readonly code: string;
  /** How often the file has it, where that is not once. */
  readonly times?: number;
  /** What stands in its place, by the name of the protection. */
  readonly off: Readonly<Record<string, string>>;
}

const SWITCH = 'tongguan.switchedOff';

/** Compiles each protection beside what is there without it. Code that is not found as the table has it is an error. */
export function switchable(protections: readonly Protection[]): Plugin {
  return {
    name: 'protections-that-can-be-switched-off',
    enforce: 'pre',
    transform(code, id) {
      const own = protections.filter(({ file }) => id.endsWith(`/${file}`));
      return own.length === 0 ? undefined : own.reduce(withSwitch, code);
    },
  };
}

function withSwitch(text: string, { file, code, times = 1, off }: Protection): string {
  const parts = text.split(code);
  if (parts.length !== times + 1) throw new Error(`${file} has \`${code}\` ${parts.length - 1} times, not ${times}`);
  const entries = Object.entries(off);
  const [first] = entries;
  if (first?.[1].includes(OFF) === true) return parts.join(first[1].replaceAll(OFF, isOff(first[0])));
  const switched = entries.reduce((rest, [name, without]) => `(${isOff(name)} ? (${without}) : ${rest})`, `(${code})`);
  return parts.join(switched);
}

const OFF = '@off';

const isOff = (name: string): string => `(globalThis[${JSON.stringify(SWITCH)}] === ${JSON.stringify(name)})`;

/** Runs with one protection off. */
export async function without<T>(name: string, run: () => Promise<T>): Promise<T> {
  Reflect.set(globalThis, SWITCH, name);
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(globalThis, SWITCH);
  }
}
