import type { Instant } from '../../../proto/words/time.ts';

/** Tables of the ledger and of the running aggregates that its commit writes. Documents are JSON. */
export interface LedgerTables extends AggregateTables {
  readonly extents: RangeTable;
  readonly dropped: RangeTable;
  /** One row. */
  readonly totals: {
    readonly id: number;
    readonly admitted: number;
    readonly duplicates: number;
    readonly quarantined: number;
    readonly dropped: number;
  };
  readonly provenance: {
    readonly id: number;
    readonly policy_id: string;
    readonly policy_version: number;
    readonly steps: string;
  };
  readonly batch: {
    readonly device: number;
    readonly epoch: number;
    readonly first_sequence: number;
    readonly count: number;
    readonly received_at: Instant;
    readonly provenance: number;
    readonly removals: string | null;
  };
  readonly removed: { readonly cause: string; readonly count: number };
  readonly position: { readonly topic: string; readonly partition: number; readonly next: number };
  readonly told_spool: {
    readonly device: number;
    readonly file: number;
    readonly sealed_before: number;
    readonly eighths: number;
    readonly offline_class: number;
    readonly received_at: Instant;
  };
  /** One row: who writes, and how often it has. */
  readonly ledger_writer: { readonly id: number; readonly writer: number; readonly commits: number };
}

interface RangeTable {
  readonly device: number;
  readonly epoch: number;
  readonly ranges: string;
}

interface Items {
  readonly item0: number;
  readonly item1: number;
  readonly item2: number;
  readonly item3: number;
}

export interface AggregateTables {
  readonly item_slot: {
    /** From 1 on. */
    readonly slot: number;
    readonly item: string;
    readonly tested: string;
    readonly whole: number;
  };
  readonly vehicle: Items & {
    readonly device: number;
    readonly distance: number;
    readonly duration: number;
    readonly flags: number;
  };
  readonly vehicle_year: { readonly device: number; readonly year: number; readonly slots: string };
  readonly vehicle_days: {
    readonly device: number;
    readonly chunk: number;
    readonly seen: number;
    readonly running: number;
    readonly exterior: number;
  };
  readonly flow: Items & { readonly area: string; readonly day: number };
  readonly item_count: {
    readonly slot: number;
    readonly pictures: number;
    readonly clips: number;
    readonly uninspected: number;
    readonly face_px: number;
    readonly plate_px: number;
  };
  /** One row, or none. */
  readonly aggregate_totals: {
    readonly id: number;
    readonly exterior_days: number;
    readonly classes: string;
    readonly kinds: string;
  };
}
