/** Everything that may be said about a request or a commit to a collector of telemetry. */
export type Attribute =
  | 'http.route'
  | 'http.request.method'
  | 'http.response.status_class'
  | 'tongguan.of'
  | 'tongguan.payloads'
  | 'tongguan.outcome';

export type Attributes = Readonly<Partial<Record<Attribute, string | number>>>;

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const matches =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value);

/**
 * The list, with the form of each value. A segment of a route template has no digit but those of `v1` and `:sha256`, so that no VIN, tag,
 * number or position is one.
 */
export const PERMITTED: Readonly<Record<Attribute, (value: unknown) => boolean>> = {
  'http.route': matches(/^(none|(\/(v1|:sha256|:?[A-Za-z][A-Za-z.-]{0,31}|\*)?){1,10})$/),
  'http.request.method': matches(/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/),
  'http.response.status_class': matches(/^[1-5]xx$/),
  'tongguan.of': matches(/^[A-Za-z][A-Za-z_-]{0,31}$/),
  'tongguan.payloads': isCount,
  'tongguan.outcome': matches(/^(stored|not-stored)$/),
};

/** What is not on the list, or not of the form that the list gives it, is left out. */
export function permitted(wanted: Readonly<Record<string, unknown>>): Attributes {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => Object.hasOwn(PERMITTED, name) && PERMITTED[name as Attribute](value),
    ),
  );
}
