/** GBK by the tables of the platform, both ways; a text that does not come back is left alone by who asks. */
export function decodeGbk(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const decoder = new TextDecoder('gbk');

/** @returns undefined when a character has no two bytes in GBK */
export function encodeGbk(text: string): Buffer | undefined {
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      out.push(code);
      continue;
    }
    const pair = pairs().get(character);
    if (pair === undefined) return undefined;
    out.push(pair >> 8, pair & 0xff);
  }
  return Buffer.from(out);
}

let table: ReadonlyMap<string, number> | undefined;

/** Made when first asked for: the platform decodes GBK and does not encode it. */
function pairs(): ReadonlyMap<string, number> {
  if (table !== undefined) return table;
  const made = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (!character.includes('\ufffd') && [...character].length === 1 && !made.has(character))
        made.set(character, (lead << 8) | trail);
    }
  }
  table = made;
  return made;
}
