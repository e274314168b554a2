import type { ReactNode } from 'react'

interface FrameProps {
  readonly label: string
  /** The cells of its head. */
  readonly head: ReactNode
  /** The rows. */
  readonly children: ReactNode
}

/** A table that scrolls sideways where the page is narrow. */
export function TableFrame({ label, head, children }: FrameProps) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="rows">
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
