/** A draft that is made, as its job tells it; the document itself is fetched as a file. */
export interface ReportDraft {
  readonly kind: string;
  /** Days of Asia/Shanghai, both included. */
  readonly from: string;
  readonly until: string;
  readonly language: string;
  readonly transfers: number;
  readonly missing: number;
  readonly files: readonly { readonly form: string; readonly bytes: number; readonly sha256: string }[];
}
