import { controlOf, type FormSchema, variantsOf } from './entry-form.ts';

/** Of whose names a key of a form is one: a register, or the datasets. */
const NAMED: Readonly<Record<string, string>> = {
  ...{
    recipient: 'recipient',
    recipients: 'recipient',
    handlingRecipients: 'recipient',
    fixingRecipients: 'recipient',
  },
  ...{ purpose: 'purpose', purposes: 'purpose', dataset: 'dataset', datasets: 'dataset' },
  ...{ pipia: 'pipia', notice: 'notice', campaign: 'ota-campaign' },
};

/** What a field names, where it takes an id or several; a key of that name that takes a text or one of a few names nothing. */
export function referenceOf(name: string, schema: FormSchema): string | undefined {
  const control = controlOf(schema);
  const id = control === 'words' ? schema.items : control === 'line' ? schema : undefined;
  return id?.title === 'id' && Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
}

/** Everything that a form names, each once. */
export function referencesIn(schema: FormSchema, name = ''): readonly string[] {
  const own = referenceOf(name, schema);
  const within = [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, one]) => referencesIn(one, key)),
    ...variantsOf(schema).flatMap((one) => referencesIn(one, name)),
    ...(schema.items === undefined ? [] : referencesIn(schema.items)),
  ];
  return [...new Set(own === undefined ? within : [own, ...within])];
}

/** A list, one a line, with a name more; one that is there already is not added. */
export function withName(text: string, name: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.some((line) => line.trim() === name) ? text : [...lines, name].join('\n');
}
