import type { ApiAnswers } from '../../session/api-answers.ts'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { useApi } from '../../session/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { DialogWindow } from '../../ui/dialog-window.tsx'
import { formatCost, formatNumber, formatTime } from '../../ui/format.ts'
import { SelectInput } from '../../ui/select-input.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeState } from '../change-state.tsx'
import { UserLimits } from '../limits/user-limits.tsx'
import { useRoles } from '../roles/role.ts'
import { adminPath, type Change, useChange } from '../use-change.ts'
import { Invitation } from './invitation.tsx'
import { type ListedUser, usersQuery } from './user.ts'

/** An account as of now. */
type Account = ApiAnswers['getUser']

interface DialogProps {
  readonly user: ListedUser
  readonly mayChange: boolean
  readonly onClose: () => void
}

/** One account: what it is and did, and what may be changed of it. */
export function UserDialog({ user, mayChange, onClose }: DialogProps) {
  const api = useApi()
  const path = `/users/${user.id}`
  const account = useQuery({
    queryKey: [...usersQuery, 'one', user.id],
    queryFn: () => api.request<Account>('GET', `${adminPath}${path}`),
  })
  const change = useChange({ queryKeys: [usersQuery] })
  const removal = useChange({ queryKeys: [usersQuery], onDone: onClose })
  const now = account.data
  return (
    <DialogWindow title={user.username} onClose={onClose}>
      {account.error && <Callout kind="error">{describeError(account.error)}</Callout>}
      {now && <Facts user={now} hasForm={mayChange} />}
      <Link href={`/analytics/flow-history?user_id=${user.id}`}>Turns of this user</Link>
      {now && mayChange && (
        <>
          <AccountForm account={now.account} onSave={(body) => change.change(['PATCH', path, body])} />
          <Access
            user={now}
            onChange={(method, below, body) => change.change([method, `${path}${below}`, body])}
          />
          <Invitation userId={user.id} now={now.invitation} />
          <UserLimits userId={user.id} />
          <DeleteUser username={user.username} onDelete={() => removal.change(['DELETE', path])} />
        </>
      )}
      <ChangeState of={change} />
      {removal.error !== null && <ChangeState of={removal} />}
      <div className="modal-actions">
        <Button onPress={onClose}>Close</Button>
      </div>
    </DialogWindow>
  )
}

interface FactsProps {
  readonly user: Account
  /** Name and address are in the form. */
  readonly hasForm: boolean
}

function Facts({ user: { account, usage_today: usage }, hasForm }: FactsProps) {
  const { name, email, last_login_at } = account
  return (
    <dl className="facts">
      {!hasForm && (
        <>
          <div>
            <dt>Name</dt>
            <dd>{name}</dd>
          </div>
          <div>
            <dt>E-mail</dt>
            <dd className="wraps">{email ?? '–'}</dd>
          </div>
        </>
      )}
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

interface AccountFormProps {
  readonly account: Account['account']
  readonly onSave: (body: object) => void
}

/** Name, address, role and rate. */
function AccountForm({ account, onSave }: AccountFormProps) {
  const roles = useRoles()
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const {
      name = '',
      email = '',
      rate = '',
    } = Object.fromEntries(new FormData(event.currentTarget)) as Readonly<Record<string, string>>
    onSave({
      name,
      email: email === '' ? null : email,
      rate_limit_override: rate.trim() === '' ? null : Number(rate),
    })
  }
  return (
    <>
      <SelectInput
        label="Role"
        value={account.role ?? ''}
        onChange={(role) => onSave({ role: role === '' ? null : role })}
      >
        <option value="">None</option>
        {roles.items.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </SelectInput>
      <form className="admin-row" onSubmit={save}>
        <TextInput label="Name" name="name" defaultValue={account.name} isRequired />
        <TextInput label="E-mail" name="email" type="email" defaultValue={account.email ?? ''} />
        <TextInput
          label="Own requests a minute"
          name="rate"
          inputMode="numeric"
          pattern="\d+"
          defaultValue={String(account.rate_limit_override ?? '')}
        />
        <Button type="submit">Save account</Button>
      </form>
    </>
  )
}

interface AccessProps {
  readonly user: Account
  readonly onChange: (method: Change[0], below: string, body?: object) => void
}

/** Whether the user may chat, and how they log in. */
function Access({ user: { account, block: blocked }, onChange }: AccessProps) {
  const isBlocked = blocked?.is_blocked ?? false
  const block = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { message = '' } = Object.fromEntries(new FormData(event.currentTarget)) as { message?: string }
    onChange('PUT', '/block', { is_blocked: true, custom_block_message: message === '' ? null : message })
  }
  const setPassword = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const { password = '' } = Object.fromEntries(new FormData(form)) as { password?: string }
    onChange('PUT', '/password', { password })
    form.reset()
  }
  return (
    <div className="admin-form">
      {isBlocked ? (
        <div className="admin-row">
          <span>Blocked: {blocked?.custom_block_message ?? 'without a message'}</span>
          <Button onPress={() => onChange('PUT', '/block', { is_blocked: false })}>Unblock</Button>
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
        <Button onPress={() => onChange('POST', '/kick')}>Disconnect</Button>
        <Button onPress={() => onChange('DELETE', '/sessions')}>Log out everywhere</Button>
        <Button
          kind={account.active ? 'danger' : undefined}
          onPress={() => onChange('PATCH', '', { active: !account.active })}
        >
          {account.active ? 'Deactivate' : 'Activate'}
        </Button>
      </div>
    </div>
  )
}

function DeleteUser({ username, onDelete }: { readonly username: string; readonly onDelete: () => void }) {
  const [isAsked, setAsked] = useState(false)
  return (
    <div className="admin-row">
      <Button kind="danger" onPress={() => setAsked(true)}>
        Delete user
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Delete ${username}`}
          confirm="Delete"
          onClose={() => setAsked(false)}
          onConfirm={() => {
            setAsked(false)
            onDelete()
          }}
        >
          <p>Logins, name, address, limits and block are deleted for good. Turns and what they cost stay.</p>
        </ConfirmDialog>
      )}
    </div>
  )
}
