/** Remembers every policy that was ever handed out, since batches may be spooled for months. */
export interface PolicyBook {
  /** Ids of the purposes of a policy; undefined for a policy that was never handed out. */
  purposesOf(policyId: string, version: number): readonly string[] | undefined;
  keep(policyId: string, version: number, purposes: readonly string[]): void;
}
