import { Busy } from '../ui/busy.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'

interface StateProps {
  readonly of: { readonly items: readonly unknown[]; readonly error: unknown; readonly isPending: boolean }
  /** Said when there is nothing. */
  readonly empty: string
}

/** Why a list shows nothing: it is being read, cannot be read, or is empty. */
export function ListState({ of: { items, error, isPending }, empty }: StateProps) {
  if (error !== null) return <Callout kind="error">{describeError(error)}</Callout>
  if (isPending) return <Busy label="Loading…" />
  return items.length === 0 ? <p className="soft">{empty}</p> : null
}
