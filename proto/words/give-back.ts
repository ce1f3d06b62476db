/** As engines have it from V8 11.4 on (ECMAScript 2024), and Node 20 under `--harmony-rab-gsab-transfer`. */
interface Transferable {
  readonly transfer?: (length: number) => ArrayBuffer;
}

/**
 * Gives the memory of bytes back at once, where the engine can: a gigabyte in pieces of 16 KiB costs the collector seconds, and the process
 * some tens of MB, before it finds that nobody holds them. Elsewhere the collector does it.
 *
 * @param bytes - nobody's any more: they are empty afterwards. Those that share their memory with others are left alone
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0)
    (buffer as Transferable).transfer?.(0);
}
