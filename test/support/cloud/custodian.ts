import type { CivilDate } from '../../../proto/words/time.ts';

/** A qualification that stands at `NOW`. */
export const CUSTODIAN = {
  holder: 'Example Surveying (fictional)',
  certificateNumber: 'EX-0001',
  grade: 'A',
  validFrom: '2025-01-01' as CivilDate,
  validUntil: '2027-12-31' as CivilDate,
  attestedBy: 'data officer',
  attestedOn: '2025-01-02' as CivilDate,
} as const;
