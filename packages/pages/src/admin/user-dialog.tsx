import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { useApi } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { DialogWindow } from '../ui/dialog-window.tsx'
import { describeError } from '../ui/describe-error.ts'
import { formatCost, formatNumber, formatTime } from '../ui/format.ts'
import { TextInput } from '../ui/text-input.tsx'
import { type ListedUser, useRoles, usersQuery } from './user.ts'

/** An account as of now, as `GET /api/admin/v1/users/{user_id}` answers. */
interface Account {
  readonly account: ListedUser & { readonly last_login_at: string | null }
  readonly block: { readonly is_blocked: boolean; readonly custom_block_message: string | null } | null
  readonly usage_today: { readonly requests: number; readonly tokens: number; readonly cost_usd: number }
}

interface DialogProps {
  readonly user: ListedUser
  readonly mayChange: boolean
  readonly onClose: () => void
}

type Change = readonly [method: 'PUT' | 'PATCH' | 'POST' | 'DELETE', path: string, body?: object]

/** One account: what it is and did, and what may be changed of it. */
export function UserDialog({ user, mayChange, onClose }: DialogProps) {
  const api = useApi()
  const queries = useQueryClient()
  const path = `/api/admin/v1/users/${user.id}`
  const account = useQuery({
    queryKey: [...usersQuery, 'one', user.id],
    queryFn: () => api.request<Account>('GET', path),
  })
  const [done, setDone] = useState('')
  const change = useMutation({
    mutationFn: ([method, below, body]: Change) =>
      api.request(method, `${path}${below}`, body ? { body } : {}),
    onMutate: () => setDone(''),
    onSuccess: async () => {
      setDone('Saved.')
      await queries.invalidateQueries({ queryKey: usersQuery })
    },
  })
  const now = account.data
  return (
    <DialogWindow title={user.username} onClose={onClose}>
      {account.error && <Callout kind="error">{describeError(account.error)}</Callout>}
      {now && <Facts user={now} />}
      <Link href={`/analytics/flow-history?user_id=${user.id}`}>Turns of this user</Link>
      {now && mayChange && <Changes user={now} onChange={(asked) => change.mutate(asked)} />}
      {change.error && <Callout kind="error">{describeError(change.error)}</Callout>}
      <p role="status" className="soft">
        {done}
      </p>
      <div className="modal-actions">
        <Button onPress={onClose}>Close</Button>
      </div>
    </DialogWindow>
  )
}

function Facts({ user: { account, usage_today: usage } }: { readonly user: Account }) {
  const { name, email, last_login_at } = account
  return (
    <dl className="facts">
      <div>
        <dt>Name</dt>
        <dd>{name}</dd>
      </div>
      <div>
        <dt>E-mail</dt>
        <dd>{email ?? '–'}</dd>
      </div>
      <div>
        <dt>Last login</dt>
        <dd>{last_login_at === null ? 'never' : formatTime(last_login_at)}</dd>
      </div>
      <div>
        <dt>Today</dt>
        <dd>
          {formatNumber(usage.requests)} turns, {formatCost(usage.cost_usd)}
        </dd>
      </div>
    </dl>
  )
}

interface ChangesProps {
  readonly user: Account
  readonly onChange: (change: Change) => void
}

function Changes({ user: { account, block: blocked }, onChange }: ChangesProps) {
  const roles = useRoles()
  const isBlocked = blocked?.is_blocked ?? false
  const block = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { message = '' } = Object.fromEntries(new FormData(event.currentTarget)) as { message?: string }
    onChange(['PUT', '/block', { is_blocked: true, custom_block_message: message === '' ? null : message }])
  }
  const setPassword = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const { password = '' } = Object.fromEntries(new FormData(form)) as { password?: string }
    onChange(['PUT', '/password', { password }])
    form.reset()
  }
  return (
    <div className="admin-form">
      <label className="field">
        <span className="field-label">Role</span>
        <select
          className="input"
          value={account.role ?? ''}
          onChange={({ target }) =>
            onChange(['PATCH', '', { role: target.value === '' ? null : target.value }])
          }
        >
          <option value="">None</option>
          {roles.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </select>
      </label>
      {isBlocked ? (
        <div className="admin-row">
          <span>Blocked: {blocked?.custom_block_message ?? 'without a message'}</span>
          <Button onPress={() => onChange(['PUT', '/block', { is_blocked: false }])}>Unblock</Button>
        </div>
      ) : (
        <form className="admin-row" onSubmit={block}>
          <TextInput label="Message to the blocked user" name="message" />
          <Button type="submit" kind="danger">
            Block
          </Button>
        </form>
      )}
      <form className="admin-row" onSubmit={setPassword}>
        <TextInput
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          isRequired
        />
        <Button type="submit">Set password</Button>
      </form>
      <div className="admin-row">
        <Button onPress={() => onChange(['DELETE', '/sessions'])}>Log out everywhere</Button>
        <Button
          kind={account.active ? 'danger' : undefined}
          onPress={() => onChange(['PATCH', '', { active: !account.active }])}
        >
          {account.active ? 'Deactivate' : 'Activate'}
        </Button>
      </div>
    </div>
  )
}
