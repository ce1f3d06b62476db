import { createHash, createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { type CaptureFault, captureFault } from '../capture/capture-fault.ts';
import type { ConnectionCapture } from '../capture/capture-record.ts';
import { type CaptureEvent, decodeEvents } from '../capture/event.ts';
import {
  BLOCK_HEAD_BYTES,
  decodeBlockHead,
  decodeHead,
  digestOf,
  openBlock,
  openSegmentKey,
  SEGMENT_HEAD_BYTES_MAX,
  type SegmentKey,
  segmentFile,
} from '../capture/segment.ts';
import { readAt } from '../log/read-at.ts';
import { publicKeyDigest } from '../zones/envelope.ts';

/** Captures on disk, for who has the private half of their key. */
export interface CaptureFiles {
  /** Whether every segment of a connection is there as the list says, follows the one before it, and opens. */
  readonly verify: (capture: ConnectionCapture) => Result<undefined, CaptureFault>;
  /** Events of a connection that was verified. @throws Error when it changed since */
  readonly events: (capture: ConnectionCapture) => Generator<CaptureEvent, void>;
}

const CHUNK_BYTES = 1_048_576;

/** @throws the system's or OpenSSL's error when the key cannot be read */
export function captureFiles(directory: string, privateKeyFile: string): CaptureFiles {
  const privateKey = createPrivateKey(readFileSync(privateKeyFile));
  return {
    verify: (capture) => {
      let previous: string | undefined;
      for (const [at, segment] of capture.segments.entries()) {
        const path = join(directory, segmentFile(capture.connection, at + 1));
        const fault = inspect(path, privateKey, { ...segment, previous, part: at + 1, capture });
        if (fault !== undefined) return fail(fault);
        previous = segment.sha256;
      }
      return ok(undefined);
    },
    events: function* ({ connection, segments }) {
      for (const at of segments.keys()) yield* readEvents(join(directory, segmentFile(connection, at + 1)), privateKey);
    },
  };
}

interface Expected {
  readonly capture: ConnectionCapture;
  readonly part: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly previous: string | undefined;
}

function inspect(path: string, privateKey: KeyObject, expected: Expected): CaptureFault | undefined {
  const { connection, transferId } = expected.capture;
  const changed = captureFault('CAPTURE_CHANGED', segmentFile(connection, expected.part));
  try {
    return withFile(path, (fd) => {
      if (fstatSync(fd).size !== expected.bytes || hashOf(fd) !== expected.sha256) return changed;
      const { head } = decodeHead(readAt(fd, 0, SEGMENT_HEAD_BYTES_MAX)) ?? {};
      const isOurs = head?.connection === connection && head.part === expected.part && head.transferId === transferId;
      if (head === undefined || !isOurs) return changed;
      if (expected.previous !== undefined && head.previous !== expected.previous) return changed;
      const isPair = head.sealedTo === publicKeyDigest(createPublicKey(privateKey)).toString('hex');
      const other = captureFault('CAPTURE_KEY_OTHER', segmentFile(connection, expected.part));
      return isPair && keyOf(fd, privateKey) !== undefined ? undefined : other;
    });
  } catch {
    return changed;
  }
}

function* readEvents(path: string, privateKey: KeyObject): Generator<CaptureEvent, void> {
  const fd = openSync(path, 'r');
  try {
    const opened = keyOf(fd, privateKey);
    assert(opened !== undefined, 'a segment that was verified opens');
    const { size } = fstatSync(fd);
    for (let at = opened.bytes; at < size; ) {
      const head = readAt(fd, at, BLOCK_HEAD_BYTES);
      const block = decodeBlockHead(head);
      assert(block !== undefined, 'a segment that was verified has whole blocks');
      const plain = openBlock(opened.key, head, readAt(fd, at + BLOCK_HEAD_BYTES, block.sealedBytes));
      const events = plain === undefined ? undefined : decodeEvents(plain);
      assert(events !== undefined, 'a block that was verified opens');
      yield* events;
      at += BLOCK_HEAD_BYTES + block.sealedBytes;
    }
  } finally {
    closeSync(fd);
  }
}

/** The data key of a segment, and where its blocks begin. */
function keyOf(fd: number, privateKey: KeyObject): { readonly key: SegmentKey; readonly bytes: number } | undefined {
  const decoded = decodeHead(readAt(fd, 0, SEGMENT_HEAD_BYTES_MAX));
  if (decoded === undefined) return undefined;
  const { head, line } = decoded;
  const agree = (theirs: KeyObject) => diffieHellman({ privateKey, publicKey: theirs });
  const key = openSegmentKey(head, createPublicKey(privateKey), agree);
  return key === undefined ? undefined : { key: { key, headDigest: digestOf(line) }, bytes: line.length };
}

function hashOf(fd: number): string {
  const hash = createHash('sha256');
  for (let at = 0; ; at += CHUNK_BYTES) {
    const chunk = readAt(fd, at, CHUNK_BYTES);
    hash.update(chunk);
    if (chunk.length < CHUNK_BYTES) return hash.digest('hex');
  }
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  const fd = openSync(path, 'r');
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
