import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'

interface StateProps {
  readonly of: { readonly error: unknown; readonly isPending: boolean; readonly isSuccess: boolean }
}

/** What became of the last change. */
export function ChangeState({ of: { error, isPending, isSuccess } }: StateProps) {
  return (
    <>
      {error !== null && <Callout kind="error">{describeError(error)}</Callout>}
      <p role="status" className="soft">
        {isPending && 'Saving…'}
        {isSuccess && 'Saved.'}
      </p>
    </>
  )
}
