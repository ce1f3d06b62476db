import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createLog,
  type LogFault,
  type LogOptions,
  type NewEntry,
  type OpenLog,
  openLog,
} from '../../../../cloud/log/open-log.ts';
import { type VerifyOptions, verifyLog } from '../../../../cloud/log/verify.ts';
import type { Result } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';

export const ORIGIN = 'tongguan.example/operations';
export const NOW = Date.UTC(2026, 2, 1) as Instant;
export const { privateKey: SIGNING_KEY, publicKey: PUBLIC_KEY } = generateKeyPairSync('ed25519');

/** A directory of its own for one test, gone when the test is. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-log-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function optionsFor(directory: string): LogOptions & VerifyOptions {
  return { directory, origin: ORIGIN, signingKey: SIGNING_KEY, publicKey: PUBLIC_KEY, clock: { now: () => NOW } };
}

export function entry(number: number): NewEntry {
  return { kind: 'verdict', transferId: `t-${number}`, actor: 'cloud', document: { number } };
}

export function entries(from: number, count: number): readonly NewEntry[] {
  return Array.from({ length: count }, (_, at) => entry(from + at));
}

/** A new log; `groups` are the numbers of entries of its appends. */
export function logOf(directory: string, groups: readonly number[] = []): OpenLog {
  const log = unwrap(createLog(optionsFor(directory)));
  for (const count of groups) unwrap(log.append(entries(log.head().size, count)));
  return log;
}

/** The numbers that the entries of a log were made from, in order. */
export function numbersIn(log: OpenLog): readonly number[] {
  return [...log.entries()].map(({ leaf }) => JSON.parse(Buffer.from(leaf.document).toString()).number);
}

/** Opens a log, and fails the test if it is shut; closed again when the test is over. */
export function reopened(directory: string): OpenLog {
  const log = unwrap(openLog(optionsFor(directory)));
  onTestFinished(() => log.close());
  return log;
}

export function openFault(directory: string): LogFault['code'] | 'none' {
  const opened = openLog(optionsFor(directory));
  if (!opened.ok) return opened.fault.code;
  opened.value.close();
  return 'none';
}

export function verifyFaults(directory: string): readonly LogFault['code'][] {
  const verified = verifyLog(optionsFor(directory));
  return verified.ok ? [] : verified.fault.map(({ code }) => code);
}

export interface Files {
  readonly entries: Buffer;
  readonly checkpoint: Buffer;
}

export function filesOf(directory: string): Files {
  return {
    entries: readFileSync(join(directory, 'entries.log')),
    checkpoint: readFileSync(join(directory, 'checkpoint')),
  };
}

export function putFiles(
  directory: string,
  files: { readonly entries: Uint8Array; readonly checkpoint: Uint8Array },
): void {
  writeFileSync(join(directory, 'entries.log'), files.entries);
  writeFileSync(join(directory, 'checkpoint'), files.checkpoint);
}

export function unwrap<T>(result: Result<T, unknown>): T {
  if (result.ok) return result.value;
  throw new Error(`unexpected fault: ${JSON.stringify(result.fault)}`);
}

export function codeOf(result: Result<unknown, LogFault>): LogFault['code'] | 'none' {
  return result.ok ? 'none' : result.fault.code;
}

/** Offsets at which entries begin, and the end of the last: found by the framing alone. */
export function offsetsIn(bytes: Buffer): readonly number[] {
  const offsets = [0];
  for (let at = 0; at + 4 <= bytes.length; ) {
    at += 4 + bytes.readUInt32BE(at);
    offsets.push(at);
  }
  return offsets;
}
