import { generate } from 'lean-qr';
import { expect, test } from 'vitest';
import { QUIET_MODULES, qrPath } from '../../../../console/models/qr-path.ts';

/** Modules that a path covers, read back from its runs. */
function darkOf(path: string): ReadonlySet<string> {
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)];
  const cells = runs.flatMap(([, x, y, length]) =>
    Array.from({ length: Number(length) }, (_, at) => `${Number(x) + at},${y}`),
  );
  return new Set(cells);
}

test('every dark module is drawn, and no light one', () => {
  const code = generate('otpauth://totp/Tongguan:alice?secret=JBSWY3DPEHPK3PXP&issuer=Tongguan');
  const dark = darkOf(qrPath({ size: code.size, get: (x, y) => code.get(x, y) }));
  for (let y = 0; y < code.size; y += 1)
    for (let x = 0; x < code.size; x += 1)
      expect(dark.has(`${x + QUIET_MODULES},${y + QUIET_MODULES}`)).toBe(code.get(x, y));
});
