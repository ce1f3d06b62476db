/** Modules of a QR code, as the library gives them. */
export interface Modules {
  readonly size: number;
  readonly get: (x: number, y: number) => boolean;
}

/** Light modules around a code that ISO/IEC 18004 asks for, so that it can be found. */
export const QUIET_MODULES = 4;

/** The dark modules as one path of SVG, a unit a module: horizontal runs, so that no gap shows between them. */
export function qrPath({ size, get }: Modules): string {
  const runs: string[] = [];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (!get(x, y)) continue;
      const begin = x;
      while (x + 1 < size && get(x + 1, y)) x += 1;
      runs.push(`M${begin + QUIET_MODULES} ${y + QUIET_MODULES}h${x - begin + 1}v1h-${x - begin + 1}z`);
    }
  }
  return runs.join('');
}
