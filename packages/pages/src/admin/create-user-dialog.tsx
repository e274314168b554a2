import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Form } from 'react-aria-components'
import { useApi } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { DialogWindow } from '../ui/dialog-window.tsx'
import { describeError } from '../ui/describe-error.ts'
import { TextInput } from '../ui/text-input.tsx'
import { useRoles, usersQuery } from './user.ts'

type Fields = Partial<Record<'username' | 'name' | 'email' | 'password' | 'role', string>>

/** Makes an account. */
export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const roles = useRoles()
  const create = useMutation({
    mutationFn: ({ username = '', name = '', email = '', password = '', role = '' }: Fields) =>
      api.request('POST', '/api/admin/v1/users', {
        body: {
          username,
          password,
          role: role === '' ? null : role,
          email: email === '' ? null : email,
          ...(name !== '' && { name }),
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: usersQuery })
      onClose()
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    create.mutate(Object.fromEntries(new FormData(event.currentTarget)) as Fields)
  }
  return (
    <DialogWindow title="Create user" onClose={onClose}>
      <Form className="admin-form" onSubmit={submit}>
        <TextInput label="Username" name="username" autoComplete="off" isRequired autoFocus />
        <TextInput label="Name" name="name" autoComplete="off" />
        <TextInput label="E-mail" name="email" type="email" autoComplete="off" />
        <TextInput label="Password" name="password" type="password" autoComplete="new-password" isRequired />
        <label className="field">
          <span className="field-label">Role</span>
          <select className="input" name="role">
            <option value="">None</option>
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </label>
        {create.error && <Callout kind="error">{describeError(create.error)}</Callout>}
        <div className="modal-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" isDisabled={create.isPending}>
            Create
          </Button>
        </div>
      </Form>
    </DialogWindow>
  )
}
