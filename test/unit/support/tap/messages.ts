/** Types of the handshake messages in a run of them, as `decryptTls13` returns it (RFC 8446, 4). */
export function typesOf(messages: Buffer): readonly number[] {
  const types: number[] = [];
  for (let at = 0; at + 4 <= messages.length; at += 4 + messages.readUIntBE(at + 1, 3))
    types.push(messages.readUInt8(at));
  return types;
}
