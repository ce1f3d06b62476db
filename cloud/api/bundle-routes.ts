import { z } from 'zod';
import { instantText } from '../../proto/config/instant-text.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { ReasonLine } from '../access/reading-wish.ts';
import { parseCidr } from '../capture/address.ts';
import type { BundleShelf } from '../ports/bundle-shelf.ts';
import type { CapturesWish, DaysWish } from '../ports/bundle-wish.ts';
import { capturesElsewhere } from './capture-routes.ts';
import { Days, periodIn } from './period-form.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, outcomeOf, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

/** Shelves as they are configured; `undefined` where no directory is named for bundles. */
export type BundleShelves =
  | {
      readonly inspections: BundleShelf<DaysWish>;
      readonly logs: BundleShelf<DaysWish>;
      readonly captures: BundleShelf<CapturesWish> | undefined;
    }
  | undefined;

const Period = z.strictObject(Days).transform(periodIn);
const Captures = z
  .strictObject({
    from: instantText.describe('connections that were under way from then'),
    to: instantText.describe('until then'),
    cidr: z
      .string()
      .max(64)
      .refine((text) => parseCidr(text).ok, 'expected an address or a range')
      .optional()
      .describe('of the other side: one address, or a range of IPv4 or IPv6'),
    reason: ReasonLine.min(1).describe('why, without a VIN in it'),
  })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), { path: ['to'], message: 'is before `from`' })
  .transform(({ cidr, ...wish }): CapturesWish => ({ ...wish, ...(cidr !== undefined && { cidr }) }));
const OfBundle = z.object({ id: z.string().max(64) });
const invalid = noQuestion;

/**
 * `/inspections`, `/log-bundles` and `/capture-bundles`, each with `[/ID[/bundle]]`: bundles made while other things go on. A bundle is a
 * file, given whole or by ranges.
 */
export function bundleRoutes(shelves: BundleShelves): readonly ApiRoute[] {
  return [
    ...shelfRoutes(
      { path: '/inspections', key: 'inspections', one: 'an inspection bundle', many: 'inspection bundles' },
      ...([Period, shelves?.inspections, shelves] as const),
    ),
    ...shelfRoutes(
      { path: '/log-bundles', key: 'bundles', one: 'a bundle of logs', many: 'bundles of logs' },
      ...([Period, shelves?.logs, shelves] as const),
    ),
    ...shelfRoutes(
      { path: '/capture-bundles', key: 'bundles', one: 'a bundle of sealed captures', many: 'bundles of captures' },
      ...([Captures, shelves?.captures, shelves] as const),
    ),
  ];
}

interface ShelfNames {
  readonly path: string;
  /** That the list stands under. */
  readonly key: string;
  readonly one: string;
  readonly many: string;
}

function shelfRoutes<A extends object>(
  { path, key, one, many }: ShelfNames,
  form: z.ZodType<A>,
  shelf: BundleShelf<A> | undefined,
  shelves: BundleShelves,
): readonly ApiRoute[] {
  const missing = shelves === undefined ? bundlesElsewhere() : capturesElsewhere();
  const withShelf = (work: (shelf: BundleShelf<A>) => ApiAnswer): ApiAnswer =>
    shelf === undefined ? refused(409, missing) : work(shelf);
  const ofOne = `${path}/:id`;
  return [
    apiRoute({
      ...{ method: 'POST', path, summary: `ask for ${one} of a time`, invalid, body: form },
      answer: ({ body, by }) => withShelf(({ begin }) => outcomeOf(begin(body, by))),
    }),
    apiRoute({
      ...{ method: 'GET', path, summary: `${many}, with how far each is`, invalid },
      answer: () => withShelf(({ list }) => answered({ [key]: list() })),
    }),
    apiRoute({
      ...{ method: 'GET', path: ofOne, summary: `${one}, with how far it is`, invalid, params: OfBundle },
      answer: ({ params: { id } }) => withShelf(({ find }) => givenOf(find(id), answered)),
    }),
    apiRoute({
      ...{ method: 'GET', path: `${ofOne}/bundle`, summary: `${one} as a ZIP file, or a range of it` },
      ...{ invalid, params: OfBundle },
      answer: ({ params: { id } }) =>
        withShelf(({ take }) =>
          givenOf(take(id), (file) => ({ status: 200, file: { type: 'application/zip', ...file } })),
        ),
    }),
    apiRoute({
      ...{ method: 'DELETE', path: ofOne, summary: `remove ${one}, or end its making`, invalid, params: OfBundle },
      answer: ({ params: { id } }) =>
        withShelf(({ remove }) => givenOf(remove(id), () => answered({ id, removed: true }))),
    }),
  ];
}

const givenOf = <T>(found: Result<T, Fault>, give: (value: T) => ApiAnswer): ApiAnswer =>
  found.ok ? give(found.value) : refused(found.fault.code === 'BUNDLE_UNKNOWN' ? 404 : 409, found.fault);

const bundlesElsewhere = (): Fault<'BUNDLES_ELSEWHERE'> => ({
  code: 'BUNDLES_ELSEWHERE',
  problem: bilingual('the configuration names no directory for bundles', '配置未指明材料包的存放目录'),
  remedy: bilingual(
    'name `console.inspections`, or use `tongguan report`, `tongguan log bundle` or `tongguan traffic export`',
    '请配置 `console.inspections`，或使用 `tongguan report`、`tongguan log bundle`、`tongguan traffic export`',
  ),
  retry: 'after-remedy',
});
