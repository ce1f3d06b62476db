import { computed, defineComponent, type Ref, ref, type VNode } from 'vue';
import { t } from '../words/language.ts';

export interface Column {
  readonly title: string;
  /** Figures stand to the right. */
  readonly isFigure?: true;
  /** Sentences break; names, figures and times do not. */
  readonly isProse?: true;
  /** What each row is ordered by when somebody asks for it; absent where the order means nothing. */
  readonly by?: readonly (string | number)[];
}

export type Cell = VNode | string | number;

interface TableProps {
  /** What it lists, for who does not see it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

interface Order {
  readonly column: number;
  readonly isDown: boolean;
}

/** Rows beyond which a table has a frame of its own, so that what stands below it can be reached. */
const LONG = 40;

/**
 * A table that scrolls by itself, and can be reached with the keyboard then. Columns that have an order are sorted by their
 * titles, among the rows that are shown. On a phone each row stands by itself, its cells under their titles, and a choice above
 * says the order.
 */
export const Table = defineComponent(
  (props: TableProps) => {
    const order = ref<Order>();
    const places = computed(() => placesOf(props, order.value));
    const turn = (column: number): void => {
      const was = order.value;
      order.value =
        was?.column !== column ? { column, isDown: false } : was.isDown ? undefined : { column, isDown: true };
    };
    return () => (
      <section class={props.rows.length > LONG ? 'scroll scroll-long' : 'scroll'} tabindex={0} aria-label={props.label}>
        {phoneOrder(props.columns, order)}
        <table>
          <caption class="unseen">{props.label}</caption>
          <thead>
            <tr>{props.columns.map((column, at) => headOf(column, at, order.value, turn))}</tr>
          </thead>
          <tbody>
            {places.value.map((place) => (
              <tr>
                {props.rows[place]?.map((cell, at) => (
                  <td class={classOf(props.columns[at])} data-title={props.columns[at]?.title}>
                    <div class="cell">{cell}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    );
  },
  { props: ['label', 'columns', 'rows'] },
);

/** On a phone, where no titles stand above, the order is chosen here. */
function phoneOrder(columns: readonly Column[], order: Ref<Order | undefined>) {
  if (columns.every(({ by }) => by === undefined)) return null;
  const choose = (event: Event): void => {
    const [column = '', down] = (event.target as HTMLSelectElement).value.split(' ');
    order.value = column === '' ? undefined : { column: Number(column), isDown: down !== undefined };
  };
  const now = order.value === undefined ? '' : `${order.value.column}${order.value.isDown ? ' down' : ''}`;
  const option = (value: string, text: string) => (
    <option value={value} selected={value === now}>
      {text}
    </option>
  );
  return (
    <label class="phone-order">
      <span>{t('table.order')}</span>
      <select class="input" onChange={choose}>
        {option('', t('table.unsorted'))}
        {columns.map(({ title, by }, at) =>
          by === undefined ? null : [option(String(at), `${title} ↑`), option(`${at} down`, `${title} ↓`)],
        )}
      </select>
    </label>
  );
}

function headOf({ title, isFigure, by }: Column, at: number, order: Order | undefined, turn: (column: number) => void) {
  const sorted = order?.column !== at ? undefined : order.isDown ? 'descending' : 'ascending';
  return (
    <th scope="col" class={isFigure ? 'figure' : undefined} aria-sort={sorted}>
      {by === undefined ? (
        title
      ) : (
        <button type="button" class="sort" title={t('table.sort')} onClick={() => turn(at)}>
          {title}
          <span aria-hidden="true">{sorted === undefined ? ' ↕' : sorted === 'ascending' ? ' ↑' : ' ↓'}</span>
        </button>
      )}
    </th>
  );
}

/** Places of the rows in the order that is asked for; equal ones stay as they were. */
function placesOf({ columns, rows }: TableProps, order: Order | undefined): readonly number[] {
  const places = rows.map((_row, place) => place);
  const by = columns[order?.column ?? -1]?.by;
  if (by === undefined || order === undefined) return places;
  const sign = order.isDown ? -1 : 1;
  return places.toSorted((a, b) => sign * compare(by[a] ?? '', by[b] ?? ''));
}

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh-CN');

const classOf = (column: Column | undefined): string | undefined =>
  column?.isFigure ? 'figure' : column?.isProse ? 'prose' : undefined;
