import type { FunctionalComponent, Ref } from 'vue';
import type { Role } from '../api/answers.ts';
import { named, t } from '../words/language.ts';

const ROLES: readonly Role[] = [
  'viewer',
  'fleet',
  'custodian',
  'requester',
  'approver',
  'security-officer',
  'auditor',
  'administrator',
];

/** Some of the roles; each says what it is for. */
export const RoleMarks: FunctionalComponent<{ readonly id: string; readonly of: Ref<readonly Role[]> }> = ({
  id,
  of,
}) => (
  <fieldset class="group">
    <legend>{t('accounts.roles')}</legend>
    <div class="marks">
      {ROLES.map((role) => (
        <label class="mark-line">
          <input
            type="checkbox"
            id={`${id}-${role}`}
            checked={of.value.includes(role)}
            onChange={() => {
              of.value = of.value.includes(role) ? of.value.filter((one) => one !== role) : [...of.value, role];
            }}
          />
          {named('role', role)}
        </label>
      ))}
    </div>
  </fieldset>
);
RoleMarks.props = ['id', 'of'];
