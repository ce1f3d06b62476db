/** Figures by name; a figure with parts has them under a label. */
export type Figures = Readonly<
  Record<string, { readonly help: string; readonly of: number | Readonly<Record<string, number>> }>
>;

/** Of a group that was committed: counts and times, never whose it was. */
export interface CommitNote {
  readonly payloads: number;
  readonly ms: number;
  readonly isStored: boolean;
}

/** What a collector outside is told. Returns at once and never throws, however the collector is. */
export interface Telemetry {
  /** @param route - as it is declared, never what was asked for */
  readonly request: (route: string, method: string, status: number, seconds: number) => void;
  readonly commit: (note: CommitNote) => void;
  /** Reports these figures from now on. @param figures - looked up at each report */
  readonly watch: (figures: () => Figures) => void;
  /** Sends what waits, as far as that goes within a bound of its own. */
  readonly close: () => Promise<void>;
}
