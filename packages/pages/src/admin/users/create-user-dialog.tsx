import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../ui/button.tsx'
import { DialogWindow } from '../../ui/dialog-window.tsx'
import { SelectInput } from '../../ui/select-input.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeState } from '../change-state.tsx'
import { useRoles } from '../roles/role.ts'
import { useChange } from '../use-change.ts'
import { usersQuery } from './user.ts'

/** Makes an account. */
export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
  const roles = useRoles()
  const [role, setRole] = useState('')
  const create = useChange({ queryKeys: [usersQuery], onDone: onClose })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const {
      username,
      name = '',
      email = '',
      password = '',
    } = Object.fromEntries(new FormData(event.currentTarget)) as Readonly<Record<string, string>>
    const body = {
      username,
      ...(password !== '' && { password }),
      role: role === '' ? null : role,
      email: email === '' ? null : email,
      ...(name !== '' && { name }),
    }
    create.change(['POST', '/users', body])
  }
  return (
    <DialogWindow title="Create user" onClose={onClose}>
      <Form className="admin-form" onSubmit={submit}>
        <TextInput label="Username" name="username" autoComplete="off" isRequired autoFocus />
        <TextInput label="Name" name="name" autoComplete="off" />
        <TextInput label="E-mail" name="email" type="email" autoComplete="off" />
        <TextInput label="Password" name="password" type="password" autoComplete="new-password" />
        <p className="soft">Without a password the user gets one by an invitation.</p>
        <SelectInput label="Role" value={role} onChange={setRole}>
          <option value="">None</option>
          {roles.items.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </SelectInput>
        <ChangeState of={create} />
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
