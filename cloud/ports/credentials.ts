/** Hashes of passwords, slow on purpose; neither call holds up the process. */
export interface Passwords {
  /** PHC text. */
  hash(password: string): Promise<string>;
  /** False for any other password and any text that is no hash. */
  verify(hash: string, password: string): Promise<boolean>;
}

/** One-time codes by time (RFC 6238): six digits, 30 seconds, SHA-1, as every authenticator has them. */
export interface OneTimeCodes {
  /** Secret for an authenticator, base32, and the link that sets one up. */
  link(seed: Uint8Array, account: string): { readonly secret: string; readonly uri: string };
  /** Step whose code this is, of now, the one before and the one after; undefined for none. */
  step(seed: Uint8Array, code: string, atMs: number): number | undefined;
}

/** Seals what may not be read beside a store. */
export interface SecretBox {
  seal(of: string, secret: Uint8Array): Uint8Array;
  /** Undefined for what this key did not seal for that account. */
  open(of: string, sealed: Uint8Array): Uint8Array | undefined;
}
