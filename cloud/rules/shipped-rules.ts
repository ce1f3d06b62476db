import type { RuleBook } from '../transfer/rule-book.ts';
import { CLAUSES } from './clauses.table.ts';
import { ANNUAL_REPORTS, DEADLINES } from './deadlines.table.ts';
import { DEMANDS } from './demands.table.ts';
import { EVIDENCE_RULES } from './evidence.table.ts';
import { FACT_NAMES } from './fact-names.table.ts';
import { IMPORTANT_ITEMS } from './important-items.table.ts';
import { INSTRUMENTS } from './instruments.table.ts';
import { KIND_CLASSES } from './kind-classes.table.ts';
import { bindLaw, type LawBook, type LawParts } from './law-book.ts';
import { NOTES } from './notes.table.ts';
import { ON_FILE_RULES } from './on-file.table.ts';
import { READINGS } from './readings.table.ts';
import { RETENTION } from './retention.table.ts';
import { ROUTE_TIMELINES } from './route-timelines.table.ts';
import { SAFE_DRIVING_FUNCTIONS } from './safe-driving-functions.table.ts';
import { TRANSFER_RULES } from './transfer-rules.table.ts';
import { WORKING_DAYS } from './working-days.table.ts';
import { ZONE_LISTS } from './zone-lists.table.ts';

/** The tables of this release; an operator's rows are laid over them. */
export const SHIPPED_PARTS: LawParts = {
  verdicts: {
    rules: TRANSFER_RULES,
    demands: DEMANDS,
    onFile: [...ON_FILE_RULES, ...EVIDENCE_RULES],
    notes: NOTES,
    facts: FACT_NAMES,
    calendars: WORKING_DAYS,
    zoneLists: [],
  },
  classification: {
    clauses: CLAUSES,
    items: IMPORTANT_ITEMS,
    functions: SAFE_DRIVING_FUNCTIONS,
    retention: RETENTION,
    kinds: KIND_CLASSES,
    zoneLists: ZONE_LISTS,
    readings: READINGS,
  },
  duties: { deadlines: DEADLINES, annual: ANNUAL_REPORTS, timelines: ROUTE_TIMELINES },
  instruments: INSTRUMENTS,
  positions: {},
};

/** The law as this release knows it, bound once. */
export const SHIPPED_LAW: LawBook = bindLaw(SHIPPED_PARTS);

export const SHIPPED_RULES: RuleBook = SHIPPED_LAW.verdicts;
