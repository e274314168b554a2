import type { ReactNode } from 'react'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { useRights } from './use-rights.ts'

interface OperatorsProps {
  /** What an operator sees; `mayChange`: administrators. */
  readonly children: (rights: { readonly mayChange: boolean }) => ReactNode
}

/** Shows a page to operators, and to others that it is not for them. */
export function OperatorsOnly({ children }: OperatorsProps) {
  const { data: rights, error } = useRights()
  if (rights?.is_operator) return <>{children({ mayChange: rights.is_administrator })}</>
  if (!rights && !error) return null
  return (
    <main className="prose-page">
      <Callout kind="error">
        {error ? describeError(error) : 'This page is for operators. Your role does not include it.'}
      </Callout>
    </main>
  )
}
