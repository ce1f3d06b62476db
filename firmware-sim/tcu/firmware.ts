import { createPrng } from '../prng.ts';

/** Paths and texts of the source of a firmware that does not exist. */
export type SourceTree = Readonly<Record<string, string>>;

/** The same seed, ECU and version give the same tree: a C program with as many functions as its version. */
export function sourceTreeOf(seed: string, ecu: string, version: number): SourceTree {
  const name = ecu.replaceAll('-', '_');
  const functions = Array.from({ length: version }, (_, index) => functionOf(`${seed}/${ecu}`, name, index + 1));
  return {
    Makefile: `all: ${ecu}.bin\n`,
    [`src/${ecu}.c`]: `#include "${ecu}.h"\n\n${functions.map(({ body }) => body).join('\n')}`,
    [`src/${ecu}.h`]: functions.map(({ head }) => `${head};\n`).join(''),
    VERSION: `${version}\n`,
  };
}

/** An image that nothing can run. @param bytes - its size */
export function imageOf(seed: string, ecu: string, version: number, bytes: number): Uint8Array {
  const prng = createPrng(`${seed}/${ecu}/${version}/image`);
  const words = new Uint32Array(Math.ceil(bytes / 4)).map(() => prng.whole(0, 0xffff_ffff));
  return new Uint8Array(words.buffer, 0, bytes);
}

function functionOf(seed: string, name: string, ordinal: number): { readonly head: string; readonly body: string } {
  const prng = createPrng(`${seed}/${ordinal}`);
  const head = `int ${name}_step_${ordinal}(int input)`;
  return { head, body: `${head} {\n  return input * ${prng.whole(1, 97)} + ${prng.whole(0, 997)};\n}\n` };
}
