import type { FunctionalComponent, VNode } from 'vue';
import { RouterLink } from 'vue-router';
import type { Named } from '../api/titles.ts';
import { fieldText, valueText } from '../words/fields.ts';
import { momentText } from '../words/format.ts';
import { comma } from '../words/language.ts';
import { nameOf } from './named.tsx';

/** A body as it stands in a register: its keys in words, groups and lists within each other. */
export const BodyFacts: FunctionalComponent<{ readonly body: Readonly<Record<string, unknown>> }> = ({ body }) =>
  groupOf(body);
BodyFacts.props = ['body'];

const groupOf = (body: Readonly<Record<string, unknown>>): VNode => (
  <dl class="facts">
    {Object.entries(body).map(([key, value]) => (
      <div>
        <dt>{fieldText(key)}</dt>
        <dd>
          {key === 'entry' && isPlace(value)
            ? placeLink(value)
            : Object.hasOwn(TITLED, key)
              ? titled(key, value)
              : shown(value)}
        </dd>
      </div>
    ))}
  </dl>
);

/** Keys whose values are names of things that have titles. */
const TITLED: Readonly<Record<string, Named>> = {
  ...{ recipients: 'recipient', recipient: 'recipient', datasets: 'dataset', dataset: 'dataset' },
  ...{ purposes: 'purpose' },
};

function titled(key: string, value: unknown): VNode | string {
  const what = TITLED[key];
  const names = Array.isArray(value) ? value : [value];
  if (what === undefined || names.length === 0 || names.some((one) => typeof one !== 'string')) return shown(value);
  return <span>{names.map((one: string, at) => [at === 0 ? '' : comma(), nameOf(what, one)])}</span>;
}

/** `REGISTER/ID`, as documents name what they were made against. */
const isPlace = (value: unknown): value is string => typeof value === 'string' && PLACE.test(value);

const placeLink = (place: string): VNode => (
  <RouterLink to={`/registers/${place}`}>{{ default: () => place }}</RouterLink>
);

function shown(value: unknown): VNode | string {
  if (Array.isArray(value)) return value.length === 0 ? '–' : listOf(value);
  if (typeof value === 'object' && value !== null) return groupOf(value as Readonly<Record<string, unknown>>);
  const text = String(value);
  if (INSTANT.test(text)) return momentText(text);
  return HASH.test(text) ? <span class="path">{text}</span> : valueText(text);
}

function listOf(values: readonly unknown[]): VNode | string {
  if (values.every((one) => typeof one !== 'object')) return values.map((one) => valueText(String(one))).join(', ');
  return (
    <ol class="rules">
      {values.map((one) => (
        <li>{shown(one)}</li>
      ))}
    </ol>
  );
}

const PLACE = /^[a-z-]+\/[A-Za-z0-9][A-Za-z0-9._-]*$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const HASH = /^[0-9a-f]{64}$/;
