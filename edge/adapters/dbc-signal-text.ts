/**
 * Writes a `SG_` statement as the library's grammar wants it: blanks exactly where it asks for them, numbers without an
 * exponent, no range (it is not used, and moves no value), a receiver.
 *
 * @param statement - on one line, trimmed
 */
export function plainSignal(statement: string): string {
  const quote = statement.indexOf('"');
  const head = quote === -1 ? statement : statement.slice(0, quote);
  const spaced = head
    .replace(/\s+/g, ' ')
    .replace(/\s*:\s*/, ' : ')
    .replace(/\s*([|@])\s*/g, '$1')
    .replace(/\s*\(\s*([^,()]*?)\s*,\s*([^,()]*?)\s*\)/, (_, factor, offset) => ` (${plain(factor)},${plain(offset)})`)
    .replace(/\s*\[[^\]]*\]\s*/, ' [0|0] ');
  return `${spaced}"" X`;
}

/** `1E-05` is `0.00001`; what is no such number stays as it is. */
function plain(text: string): string {
  if (!/^[-+]?\d*\.?\d*[eE][-+]?\d{1,3}$/.test(text)) return text.replace(/^\+/, '');
  const [mantissa = '', exponent = ''] = Number(text).toExponential().split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, '0');
  return padded.length === point ? `${sign}${padded}` : `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}
