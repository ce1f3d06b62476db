import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHAIN_START, encodeEntry } from '../../../cloud/capture/capture-record.ts';
import { segmentFile } from '../../../cloud/capture/segment.ts';

/** A list of connections of one segment each. @param times - from and to, and the address of the other side */
export function capturesIn(
  directory: string,
  times: readonly (readonly [from: string, to: string, peer?: string])[],
): void {
  let previous = CHAIN_START;
  let list = '';
  for (const [connection, [from, to, peerIp = '192.0.2.1']] of times.entries()) {
    const bytes = Buffer.from(`sealed ${connection}`);
    writeFileSync(join(directory, segmentFile(connection, 1)), bytes);
    const segments = [{ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }];
    const peers = { ownIp: '10.0.0.1', ownPort: 1, peerIp, peerPort: 443 };
    const counts = { bytesSent: 1, bytesReceived: 1, packetsSent: 1, packetsReceived: 1 };
    const { line, chain } = encodeEntry({
      ...{ kind: 'connection', connection, transferId: 't1', initiator: 'own', ...peers, ...counts },
      ...{
        frameBytesSent: 1,
        frameBytesReceived: 1,
        startMs: Date.parse(from),
        endMs: Date.parse(to),
        segments,
        isWhole: true,
        previous,
      },
    });
    list += line.toString('utf8');
    previous = chain;
  }
  writeFileSync(join(directory, 'connections.ndjson'), list);
}
