import type { ReactNode } from 'react'

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

/** A table that scrolls sideways where the page is narrow. */
export function DataTable({ label, columns, children }: TableProps) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="rows">
        <thead>
          <tr>
            {columns.map((column) => {
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
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** A column of numbers. */
export const numbers = (name: string): Column => ({ name, isNumber: true })
