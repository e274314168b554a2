import type { ReactNode } from 'react'
import { TableFrame } from './table-frame.tsx'

interface Column {
  readonly name: string
  /** Numbers stand below one another. */
  readonly isNumber?: boolean
  /** Its name is read out, not shown. */
  readonly isHidden?: boolean
}

interface TableProps {
  readonly label: string
  readonly columns: readonly (Column | string)[]
  /** The rows. */
  readonly children: ReactNode
}

/** A table whose rows stand in the order of the server. */
export function DataTable({ label, columns, children }: TableProps) {
  const head = columns.map((column) => {
    const {
      name,
      isNumber = false,
      isHidden = false,
    } = typeof column === 'string' ? { name: column } : column
    return (
      <th key={name} scope="col" className={isNumber ? 'number' : undefined}>
        {isHidden ? <span className="visually-hidden">{name}</span> : name}
      </th>
    )
  })
  return (
    <TableFrame label={label} head={head}>
      {children}
    </TableFrame>
  )
}

/** A column of numbers. */
export const numbers = (name: string): Column => ({ name, isNumber: true })
