/** Remembers the newest policy bundle that was accepted, so that an older one can never come back. */
export interface PolicyStore {
  held(): { readonly version: number; readonly bytes: Uint8Array } | undefined;
  keep(version: number, bytes: Uint8Array): void;
}
