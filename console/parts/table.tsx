import type { FunctionalComponent, VNode } from 'vue';

export interface Column {
  readonly title: string;
  /** Figures stand to the right. */
  readonly isFigure?: true;
  /** Sentences break; names, figures and times do not. */
  readonly isProse?: true;
}

export type Cell = VNode | string | number;

interface TableProps {
  /** What it lists, for who does not see it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Rows beyond which a table has a frame of its own, so that what stands below it can be reached. */
const LONG = 40;

/** A table that scrolls by itself, and can be reached with the keyboard then. On a phone each row stands by itself, its cells under their titles. */
export const Table: FunctionalComponent<TableProps> = ({ label, columns, rows }) => (
  <section class={rows.length > LONG ? 'scroll scroll-long' : 'scroll'} tabindex={0} aria-label={label}>
    <table>
      <thead>
        <tr>
          {columns.map(({ title, isFigure }) => (
            <th scope="col" class={isFigure ? 'figure' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr>
            {cells.map((cell, at) => (
              <td class={classOf(columns[at])} data-title={columns[at]?.title}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
Table.props = ['label', 'columns', 'rows'];

const classOf = (column: Column | undefined): string | undefined =>
  column?.isFigure ? 'figure' : column?.isProse ? 'prose' : undefined;
