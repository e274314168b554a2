import { type FormEvent, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeState } from '../change-state.tsx'
import { ListState } from '../list-state.tsx'
import { useServers } from '../mcp-servers/server.ts'
import { useChange } from '../use-change.ts'
import { rolesQuery, useRoles } from './role.ts'
import { bodyOf, draftOf, hasNumbers, newRole, permissionsOf, type RoleDraft } from './role-draft.ts'
import { RoleEffect } from './role-effect.tsx'
import { ServerRules } from './server-rules.tsx'

interface RolePageProps {
  /** Undefined: a new one. */
  readonly name?: string
  readonly mayChange: boolean
}

/** One role: what it may, and at its side what that comes to. */
export function RolePage({ name, mayChange }: RolePageProps) {
  const roles = useRoles()
  const role = roles.items.find((one) => one.name === name)
  if (name === undefined) return <RoleForm draft={newRole} mayChange={mayChange} />
  if (role) return <RoleForm key={role.name} draft={draftOf(role)} users={role.users} mayChange={mayChange} />
  return <ListState of={{ ...roles, items: [] }} empty={`There is no role ${name}.`} />
}

interface FormProps {
  readonly draft: RoleDraft
  /** Of a role that is there. */
  readonly users?: number
  readonly mayChange: boolean
}

function RoleForm({ draft: stored, users, mayChange }: FormProps) {
  const [draft, setDraft] = useState(stored)
  const [isAsked, setAsked] = useState(false)
  const [isRefused, setRefused] = useState(false)
  const [, navigate] = useLocation()
  const servers = useServers()
  const isNew = users === undefined
  const role = useChange({
    queryKeys: [rolesQuery],
    onDone: () => isNew && navigate(`/admin/roles/${encodeURIComponent(draft.name)}`),
  })
  const removal = useChange({ queryKeys: [rolesQuery], onDone: () => navigate('/admin/roles') })
  const path = `/roles/${encodeURIComponent(stored.name)}`
  const edit = (change: Partial<RoleDraft>) => setDraft((before) => ({ ...before, ...change }))
  const save = (event: FormEvent) => {
    event.preventDefault()
    setRefused(!hasNumbers(draft))
    if (!hasNumbers(draft)) return
    const body = bodyOf(draft)
    role.change(isNew ? ['POST', '/roles', { name: draft.name, ...body }] : ['PATCH', path, body])
  }
  return (
    <section aria-label="Role" className="role-page">
      <form className="admin-form" onSubmit={save}>
        <div className="history-head">
          <h2>{isNew ? 'New role' : stored.name}</h2>
          <Link href="/admin/roles">All roles</Link>
        </div>
        {isNew && (
          <TextInput
            label="Name"
            value={draft.name}
            onChange={(to) => edit({ name: to })}
            isRequired
            autoFocus
          />
        )}
        <TextInput
          label="Description"
          value={draft.description}
          onChange={(description) => edit({ description })}
          isReadOnly={!mayChange}
        />
        <ServerRules draft={draft} servers={servers.items} mayChange={mayChange} onEdit={edit} />
        <div className="admin-row">
          <TextInput
            label="Requests a minute"
            inputMode="numeric"
            value={draft.rateLimit}
            onChange={(rateLimit) => edit({ rateLimit })}
            isReadOnly={!mayChange}
          />
          <TextInput
            label="USD a day"
            inputMode="decimal"
            value={draft.costLimit}
            onChange={(costLimit) => edit({ costLimit })}
            isReadOnly={!mayChange}
          />
          <TextInput
            label="Seconds of an access token"
            inputMode="numeric"
            value={draft.tokenSeconds}
            onChange={(tokenSeconds) => edit({ tokenSeconds })}
            isReadOnly={!mayChange}
          />
        </div>
        <p className="soft">An empty limit is none.</p>
        {mayChange && (
          <div className="admin-row">
            <Button type="submit" kind="primary" isDisabled={role.isPending}>
              {isNew ? 'Create role' : 'Save role'}
            </Button>
            {!isNew && (
              <Button kind="danger" onPress={() => setAsked(true)}>
                Delete role
              </Button>
            )}
          </div>
        )}
        {isRefused && <Callout kind="error">A limit must be a number, or empty for none.</Callout>}
        <ChangeState of={role} />
        {removal.error !== null && <ChangeState of={removal} />}
        {isAsked && (
          <ConfirmDialog
            title={`Delete the role ${stored.name}`}
            confirm="Delete"
            onClose={() => setAsked(false)}
            onConfirm={() => {
              setAsked(false)
              removal.change(['DELETE', path])
            }}
          >
            <p>
              {users === 0
                ? 'No user has it.'
                : `${users} users have it; it cannot be deleted before they have another.`}
            </p>
          </ConfirmDialog>
        )}
      </form>
      <RoleEffect permissions={permissionsOf(draft)} />
    </section>
  )
}
