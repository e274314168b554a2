import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { TableFrame } from './table-frame.tsx'

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
})

/** A column by which rows can be sorted. */
export interface SortedColumn<Row> {
  readonly name: string
  /** What rows are sorted by: numbers by size, texts as people count (`a2` before `a10`); what is null comes last. */
  readonly value: (row: Row) => string | number | null
  /** What is shown; the value where it is absent. */
  readonly cell?: (row: Row) => ReactNode
  readonly isNumber?: boolean
  readonly isWrapped?: boolean
}

interface TableProps<Row> {
  readonly label: string
  /** Stable between renders. */
  readonly columns: readonly SortedColumn<Row>[]
  /** All of them: a list of which more can be loaded is in the order of its server. */
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
}

/** A table whose column heads sort it: up, down, and as it came. */
export function SortedTable<Row extends RowData>({ label, columns, rows, keyOf }: TableProps<Row>) {
  const defined = useMemo(() => columns.map(defineColumn), [columns])
  const table = useTable({ features, columns: defined, data: rows, getRowId: keyOf })
  const head = columns.map(({ name, isNumber = false }) => {
    const column = table.getColumn(name)
    const order = column?.getIsSorted() ?? false
    const sorted = order && ({ asc: 'ascending', desc: 'descending' } as const)[order]
    return (
      <th key={name} scope="col" className={isNumber ? 'number' : undefined} aria-sort={sorted || 'none'}>
        <button type="button" className="sort" onClick={() => column?.toggleSorting()}>
          {name}
          {order === 'asc' && <ArrowUp size={13} aria-hidden />}
          {order === 'desc' && <ArrowDown size={13} aria-hidden />}
        </button>
      </th>
    )
  })
  return (
    <TableFrame label={label} head={head}>
      {table.getRowModel().rows.map(({ id, original }) => (
        <tr key={id}>
          {columns.map((column) => (
            <td key={column.name} className={classOf(column)}>
              {column.cell ? column.cell(original) : column.value(original)}
            </td>
          ))}
        </tr>
      ))}
    </TableFrame>
  )
}

function defineColumn<Row extends RowData>({
  name,
  value,
  isNumber = false,
}: SortedColumn<Row>): ColumnDef<typeof features, Row> {
  return {
    id: name,
    accessorFn: (row) => value(row) ?? undefined,
    sortFn: isNumber ? 'basic' : 'alphanumeric',
    sortUndefined: 'last',
    // The largest number is what a person looks for.
    sortDescFirst: isNumber,
  }
}

const classOf = ({ isNumber, isWrapped }: Pick<SortedColumn<never>, 'isNumber' | 'isWrapped'>) =>
  isNumber === true ? 'number' : isWrapped === true ? 'wraps' : undefined
