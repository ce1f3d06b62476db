import type { Zone } from '../../proto/words/data-class.ts';
import { assert } from '../../proto/words/result.ts';
import { type Clock, HOUR_MS } from '../../proto/words/time.ts';
import type { KeyScope, KeyVault, StoredKey, StoredSession } from '../ports/key-vault.ts';
import type { ZoneKeys } from '../ports/zone-keys.ts';
import { KEY_BYTES, openSealed, seal, sealTo, unseal } from './envelope.ts';
import { createOpenKeys } from './open-keys.ts';

/** A key that seals now, and the number of the next seal under it. */
export interface SealingKey {
  readonly id: number;
  readonly number: number;
  /** Good until the next key is asked for. */
  readonly key: Uint8Array;
}

/** The data keys of one zone, for who writes it and for who reads it. */
export interface DataKeys {
  /**
   * The key for the next seal of a device, class and day; never the same key with the same number. Nothing may be stored
   * under it before `save` has returned.
   */
  next(scope: KeyScope): SealingKey;
  /** Makes the keys that `next` gave durable in the vault. Throws the store's error; then they are forgotten. */
  save(): void;
  /** Makes a key durable in the vault that another process made, with its session, unless they are there. */
  adopt(session: StoredSession, key: StoredKey): void;
  /** A data key by its id; undefined when it was destroyed. Only where the zone may be read. */
  find(id: number): Uint8Array | undefined;
  /** The same for many; a destroyed one is missing. */
  findAll(ids: readonly number[]): ReadonlyMap<number, Uint8Array>;
  /** Forgets keys that were destroyed. */
  forget(ids: readonly number[]): void;
  readonly isReadable: boolean;
}

export interface DataKeysParts {
  readonly zone: Zone;
  readonly vault: Pick<KeyVault, 'add' | 'keys' | 'session'>;
  readonly keys: ZoneKeys;
  /** Whether this process reads the zone. */
  readonly isReadable: boolean;
  readonly clock: Clock;
  /** Cryptographically strong. */
  readonly random: (bytes: number) => Uint8Array;
}

/** How long one session's keys are written with. What a stolen memory of a writing process opens is no older. */
export const SESSION_MS = HOUR_MS;

/** Seals under one data key; far below the 2^32 that NIST SP 800-38D allows one. */
export const SEALS_PER_KEY_MAX = 1_048_576;

/** Data keys of one session; each is a seal under the session's key. */
export const KEYS_PER_SESSION_MAX = 4_194_304;

/** Keys kept in memory on each side, of who writes 64 bytes and of who reads 250 each: of 100,000 vehicles in two classes. Past it they are made anew, or unwrapped again. */
export const KEYS_IN_MEMORY_MAX = 262_144;

const ID_BYTES = 6;
const SEED_BYTES = 4;

/** Stands in place of the id of a key that was destroyed, and of its bytes; ids are below 2^48. */
const FORGOTTEN = 2 ** 48;
const NO_KEY = new Uint8Array(KEY_BYTES);

interface Session {
  readonly id: number;
  readonly key: Uint8Array;
  readonly openedAt: number;
  keys: number;
}

export function createDataKeys(parts: DataKeysParts): DataKeys {
  const { vault, zone, keys, random } = parts;
  let session: Session | undefined;
  const open = createOpenKeys(Buffer.from(random(SEED_BYTES)).readUInt32BE());
  let newSession: StoredSession | undefined;
  let newKeys: StoredKey[] = [];
  const reading = createReader(parts);
  const adopter = createAdopter(vault);

  const currentSession = (): Session => {
    const now = parts.clock.now();
    // A clock that was set back ends a session as well.
    const isOver = session !== undefined && Math.abs(now - session.openedAt) >= SESSION_MS;
    if (session !== undefined && !isOver && session.keys < KEYS_PER_SESSION_MAX) return session;
    const id = idFrom(random(ID_BYTES));
    const key = random(KEY_BYTES);
    newSession = { id, sealed: sealTo(keys.publicKey(zone), sessionContext(zone, id), key) };
    open.clear();
    session = { id, key, openedAt: now, keys: 0 };
    return session;
  };

  /** @param place - of the key that it comes after, or -1. @returns where it is */
  const make = (place: number, scope: KeyScope, within: Session): number => {
    const [id, key] = [idFrom(random(ID_BYTES)), random(KEY_BYTES)];
    const wrapped = seal(within.key, within.keys, wrapContext(zone, id, within, scope), key);
    within.keys += 1;
    newKeys.push({ ...scope, id, session: within.id, wrapped: withNumber(within.keys - 1, wrapped) });
    if (place >= 0) {
      open.replace(place, id, key);
      return place;
    }
    if (open.size() >= KEYS_IN_MEMORY_MAX) open.clear();
    return open.add(scope, id, key);
  };

  return {
    isReadable: parts.isReadable,
    next: (scope) => {
      // A session that changes between `next` and `save` would leave keys of the old one unsaved.
      const within = newKeys.length > 0 && session !== undefined ? session : currentSession();
      const known = open.find(scope);
      const isGood = known >= 0 && open.idOf(known) !== FORGOTTEN && open.sealsOf(known) < SEALS_PER_KEY_MAX;
      const place = isGood ? known : make(known, scope, within);
      return { id: open.idOf(place), number: open.sealWith(place), key: open.keyAt(place) };
    },
    save: () => {
      if (newKeys.length === 0) return;
      try {
        vault.add(newSession, newKeys);
      } catch (cause) {
        // What the vault did not take is never used; the next record draws anew.
        session = undefined;
        open.clear();
        throw cause;
      } finally {
        newSession = undefined;
        newKeys = [];
      }
    },
    adopt: adopter.adopt,
    find: reading.find,
    findAll: reading.findAll,
    forget: (ids) => {
      const gone = new Set(ids);
      for (let place = 0; place < open.size(); place += 1)
        if (gone.has(open.idOf(place))) open.replace(place, FORGOTTEN, NO_KEY);
      reading.forget(ids);
      adopter.forget(ids);
    },
  };
}

function createAdopter(vault: DataKeysParts['vault']): Pick<DataKeys, 'adopt' | 'forget'> {
  const known = new Set<number>();
  return {
    adopt: (session, key) => {
      if (known.has(key.id)) return;
      if (vault.keys([key.id]).length === 0)
        vault.add(vault.session(session.id) === undefined ? session : undefined, [key]);
      if (known.size >= KEYS_IN_MEMORY_MAX) known.clear();
      known.add(key.id);
    },
    forget: (ids) => {
      for (const id of ids) known.delete(id);
    },
  };
}

/** Unwraps data keys. The vault is asked each time, so that a key destroyed by another process is gone here too. */
function createReader({ zone, vault, keys, isReadable }: DataKeysParts): Pick<DataKeys, 'find' | 'findAll' | 'forget'> {
  const unwrapped = new Map<number, Uint8Array>();
  const sessionKeys = new Map<number, Uint8Array>();

  const sessionKey = (id: number): Uint8Array => {
    const known = sessionKeys.get(id);
    if (known !== undefined) return known;
    const stored = vault.session(id);
    const agree = (theirs: Parameters<ZoneKeys['agree']>[1]) => keys.agree(zone, theirs);
    const context = sessionContext(zone, id);
    const key = stored && openSealed(agree, keys.publicKey(zone), context, stored.sealed);
    assert(key !== undefined, 'the key of the zone opens what was sealed to it');
    if (sessionKeys.size >= KEYS_IN_MEMORY_MAX) sessionKeys.clear();
    sessionKeys.set(id, key);
    return key;
  };

  const unwrap = (stored: StoredKey): Uint8Array => {
    const { id } = stored;
    const known = unwrapped.get(id);
    if (known !== undefined) return known;
    const { number, wrapped } = splitNumber(stored.wrapped);
    const context = wrapContext(zone, id, { id: stored.session }, stored);
    const key = unseal(sessionKey(stored.session), number, context, wrapped);
    assert(key !== undefined, 'a wrapped key belongs to the device, class and day that it says');
    if (unwrapped.size >= KEYS_IN_MEMORY_MAX) unwrapped.clear();
    unwrapped.set(id, key);
    return key;
  };

  const findAll = (ids: readonly number[]): ReadonlyMap<number, Uint8Array> => {
    assert(isReadable, 'a zone is read only by a process that was given its key');
    const found = new Map<number, Uint8Array>();
    for (const stored of vault.keys([...new Set(ids)])) found.set(stored.id, unwrap(stored));
    return found;
  };

  return {
    find: (id) => findAll([id]).get(id),
    findAll,
    forget: (ids) => {
      for (const id of ids) unwrapped.delete(id);
    },
  };
}

export function sessionContext(zone: Zone, id: number): string {
  return `tongguan.v1.session\0${zone}\0${id}`;
}

function wrapContext(zone: Zone, id: number, session: { readonly id: number }, scope: KeyScope): Buffer {
  const { deviceNumber, retention, day } = scope;
  return Buffer.from(`tongguan.v1.data-key\0${zone}\0${id}\0${session.id}\0${deviceNumber}\0${retention}\0${day}`);
}

function withNumber(number: number, wrapped: Uint8Array): Buffer {
  const head = Buffer.alloc(WRAP_NUMBER_BYTES);
  head.writeUInt32BE(number);
  return Buffer.concat([head, wrapped]);
}

function splitNumber(stored: Uint8Array): { readonly number: number; readonly wrapped: Uint8Array } {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  return { number: bytes.readUInt32BE(0), wrapped: bytes.subarray(WRAP_NUMBER_BYTES) };
}

const WRAP_NUMBER_BYTES = 4;

function idFrom(bytes: Uint8Array): number {
  return Buffer.from(bytes).readUIntBE(0, ID_BYTES);
}
