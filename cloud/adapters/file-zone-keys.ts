import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { ZONES, type Zone } from '../../proto/words/data-class.ts';
import type { ZoneKeys } from '../ports/zone-keys.ts';
import { syncNames, writeDurably } from './durable-files.ts';
import { programZoneKey } from './program-zone-key.ts';

/** Owner alone: who else can read the key of a zone can read the zone. */
const KEY_MODE = 0o600;
const OTHERS = 0o077;

/** @returns file of a zone's private key within the key directory */
export const privateKeyFile = (directory: string, zone: Zone): string => join(directory, `${zone}.key`);
/** In place of the private key: a program that holds it. */
export const programFile = (directory: string, zone: Zone): string => join(directory, `${zone}.program.json`);
export const publicKeyFile = (directory: string, zone: Zone): string => join(directory, `${zone}.pub`);

/**
 * Key-encryption keys of the zones in files: `<zone>.pub` for who writes, `<zone>.key` for who reads, PEM, X25519; in place of
 * the latter `<zone>.program.json` where a program holds it.
 *
 * @param read - zones whose private half this process opens; of all others it does not touch the file
 * @throws Error when a file is missing, is no X25519 key, can be read by others, or does not fit its public half
 */
export function fileZoneKeys(directory: string, read: readonly Zone[]): ZoneKeys {
  const publicKeys = new Map(ZONES.map((zone) => [zone, readPublic(publicKeyFile(directory, zone))]));
  const publicKey = (zone: Zone): KeyObject => {
    const key = publicKeys.get(zone);
    if (key === undefined) throw new Error(`zone ${zone} has no key`);
    return key;
  };
  const agreements = new Map(read.map((zone) => [zone, agreementOf(directory, zone, publicKey(zone))]));
  return { publicKey, agree: (zone, theirs) => agreements.get(zone)?.(theirs) };
}

function agreementOf(directory: string, zone: Zone, publicKey: KeyObject): (theirs: KeyObject) => Uint8Array {
  const [file, program] = [privateKeyFile(directory, zone), programFile(directory, zone)];
  if (existsSync(program)) {
    // Which of the two is meant nobody could tell, and the file would lie there for nothing.
    if (existsSync(file)) throw new Error(`zone ${zone} has a key in a file and one in a program`);
    return programZoneKey(program, zone, publicKey);
  }
  const privateKey = readPrivate(file, zone);
  if (!publicKey.equals(createPublicKey(privateKey)))
    throw new Error(`\`${zone}.key\` and \`${zone}.pub\` are not a pair`);
  return (theirs) => diffieHellman({ privateKey, publicKey: theirs });
}

/**
 * Makes the pairs that are not there yet: one file a zone and half, private halves for their owner alone. Never writes over
 * a key.
 *
 * @returns names of the zones whose pairs were made
 */
export function makeZoneKeys(directory: string): readonly Zone[] {
  makeDirectory(directory, 0o750);
  const missing = ZONES.filter((zone) => !existsSync(publicKeyFile(directory, zone)));
  for (const zone of missing) writeKeyPair(privateKeyFile(directory, zone), publicKeyFile(directory, zone));
  return missing;
}

/** Writes a new X25519 pair, durably; refuses to write over a file. */
export function writeKeyPair(privateFile: string, publicFile: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const pem = { format: 'pem' } as const;
  const write = (file: string, text: string | Buffer, mode: number): void =>
    writeDurably(file, [Buffer.from(text)], { flags: 'wx', mode });
  write(privateFile, privateKey.export({ type: 'pkcs8', ...pem }), KEY_MODE);
  write(publicFile, publicKey.export({ type: 'spki', ...pem }), 0o644);
  // What is sealed to a key whose name a power cut took nobody opens again.
  for (const directory of new Set([privateFile, publicFile].map((file) => dirname(file)))) syncNames(directory);
}

/** Overwrites a key where it lies, as far as the file system lets one, and removes its name. A file that is gone is fine. */
export function destroyFile(file: string): void {
  if (!existsSync(file)) return;
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(statSync(file).size), 0);
  fsyncSync(fd);
  closeSync(fd);
  unlinkSync(file);
}

export function readPublic(file: string): KeyObject {
  return x25519(createPublicKey(readFileSync(file)), file);
}

/** @throws Error when the file can be read or written by anybody but its owner */
export function readPrivate(file: string, name: string): KeyObject {
  if ((statSync(file).mode & OTHERS) !== 0) throw new Error(`\`${name}.key\` can be used by others than its owner`);
  return x25519(createPrivateKey(readFileSync(file)), file);
}

function x25519(key: KeyObject, file: string): KeyObject {
  if (key.asymmetricKeyType === 'x25519') return key;
  throw new Error(`\`${file}\` is no X25519 key`);
}
