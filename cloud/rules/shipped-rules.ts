import { bindRuleBook, type RuleBook } from '../transfer/rule-book.ts';
import { DEMANDS } from './demands.table.ts';
import { FACT_NAMES } from './fact-names.table.ts';
import { NOTES } from './notes.table.ts';
import { ON_FILE_RULES } from './on-file.table.ts';
import { TRANSFER_RULES } from './transfer-rules.table.ts';
import { WORKING_DAYS } from './working-days.table.ts';

/** The law as this release knows it, bound once. */
export const SHIPPED_RULES: RuleBook = bindRuleBook({
  rules: TRANSFER_RULES,
  demands: DEMANDS,
  onFile: ON_FILE_RULES,
  notes: NOTES,
  facts: FACT_NAMES,
  calendars: WORKING_DAYS,
});
