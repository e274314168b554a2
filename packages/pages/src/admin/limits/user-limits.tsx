import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../session/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { ChangeState } from '../change-state.tsx'
import { adminPath, useChange } from '../use-change.ts'
import { LimitForm, type Limits } from './limit-form.tsx'

const fields = {
  period_days: 'Days of the period',
  max_requests: 'Requests in the period',
  max_tokens: 'Tokens in the period',
  max_cost: 'USD in the period',
}

/** The limits of one user, in place of the role's and the defaults. */
export function UserLimits({ userId }: { readonly userId: number }) {
  const api = useApi()
  const path = `/users/${userId}/limits`
  const queryKey = ['limits', userId]
  const own = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.request<Limits | null>('GET', `${adminPath}${path}`, { signal }),
  })
  const save = useChange({ queryKeys: [queryKey, ['limits', 'near']] })
  return (
    <details>
      <summary>Own limits: {own.data ? 'set' : 'none, the role and the defaults apply'}</summary>
      {own.error && <Callout kind="error">{describeError(own.error)}</Callout>}
      {own.isSuccess && (
        <LimitForm
          limits={own.data ?? { period_days: 30 }}
          fields={fields}
          mayChange
          onSave={({ period_days, ...limits }) =>
            save.change(['PATCH', path, { period_days: period_days ?? 30, ...limits, is_active: true }])
          }
        />
      )}
      {own.data && (
        <Button kind="danger" isSmall onPress={() => save.change(['DELETE', path])}>
          Take away own limits
        </Button>
      )}
      <ChangeState of={save} />
    </details>
  )
}
