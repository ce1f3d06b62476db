import { expect, test } from 'vitest';
import { ACCESS } from '../../../../cloud/api/access.table.ts';
import { mayConfirm, mayKeep } from '../../../../console/models/register-roles.ts';

test.each(['principal', 'notice'])('what the page of %s offers is what the table of access allows', (kind) => {
  const path = kind === 'principal' ? '/registers/principal' : '/registers/:kind';
  expect(mayKeep(kind)).toEqual(ACCESS[`POST ${path}`]?.roles);
  expect(mayKeep(kind)).toEqual(ACCESS[`PUT ${path}`]?.roles);
  expect(mayConfirm(kind)).toEqual(ACCESS[`POST ${path}/:id/confirmation`]?.roles);
});
