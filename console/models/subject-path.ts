/** Pages that have what an alert is about, where its kind alone says which. */
const BY_CODE: Readonly<Record<string, string>> = {
  ...{ ACCOUNT_LINK: '/accounts', ACCOUNT_LOCKED: '/accounts', EMERGENCY_STOPPED: '/emergency' },
  ...{ REGISTERS_CHANGED: '/registers', DEVICE_TRUST_LOWERED: '/fleet' },
};

const TRANSFER = /^t\d{4}[0-9a-z-]+$/;
const DEVICE = /^[0-9a-f]{32,64}$/;

/** The page of what an alert is about; undefined where it has none of its own. */
export function subjectPath(code: string, subject: string): string | undefined {
  if (TRANSFER.test(subject)) return `/transfers/${subject}`;
  if (DEVICE.test(subject)) return `/fleet?device=${subject}`;
  return subject === '' ? undefined : BY_CODE[code];
}
