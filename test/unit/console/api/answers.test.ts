import { expect, expectTypeOf, test } from 'vitest';
import { ROLES, type Role } from '../../../../cloud/accounts/role.ts';
import type { showTransfer } from '../../../../cloud/approvals/show-transfer.ts';
import type { CatalogueRow } from '../../../../cloud/catalogue/catalogue-row.ts';
import type { AlertBook } from '../../../../cloud/monitoring/alert-book.ts';
import type { TransferRegister } from '../../../../cloud/ports/transfer-register.ts';
import type { agendaOf } from '../../../../cloud/registers/agenda.ts';
import type { RegisterEntry } from '../../../../cloud/registers/kind.ts';
import type { TransferPreview } from '../../../../cloud/transfer/preview-transfer.ts';
import type { Verdict } from '../../../../cloud/transfer/verdict.ts';
import type { CampaignStanding } from '../../../../cloud/updates/distribution.ts';
import type * as console from '../../../../console/api/answers.ts';
import type * as registers from '../../../../console/api/registers.ts';
import type * as verdicts from '../../../../console/api/verdict.ts';
import type * as progress from '../../../../console/models/campaign-progress.ts';

test('what pages read is what the cloud answers', () => {
  expectTypeOf<ReturnType<TransferRegister['list']>[number]>().toExtend<console.Transfer>();
  expectTypeOf<NonNullable<ReturnType<typeof showTransfer>>>().toExtend<console.ShownTransfer>();
  expectTypeOf<ReturnType<AlertBook['list']>[number]>().toExtend<console.Alert>();
  expectTypeOf<ReturnType<typeof agendaOf>[number]>().toExtend<console.AgendaItem>();
  expectTypeOf<Omit<CatalogueRow, 'class'> & { class: string }>().toExtend<console.CatalogueRow>();
  expectTypeOf<RegisterEntry>().toExtend<registers.RegisterEntry>();
  expectTypeOf<Verdict>().toExtend<verdicts.Verdict>();
  expectTypeOf<TransferPreview>().toExtend<verdicts.Preview>();
  expectTypeOf<CampaignStanding>().toExtend<progress.CampaignStanding>();
  expectTypeOf<console.Role>().toEqualTypeOf<Role>();
  // The compiler has looked at the rest.
  expect(ROLES satisfies readonly console.Role[]).not.toEqual([]);
});
