import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { DialogWindow } from '../../ui/dialog-window.tsx'
import { SelectInput } from '../../ui/select-input.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeState } from '../change-state.tsx'
import { useChange } from '../use-change.ts'
import { type McpServer, serversQuery } from './server.ts'

interface FormProps {
  /** Undefined: a new one. */
  readonly server: McpServer | undefined
  readonly onClose: () => void
}

const authTypes = {
  none: 'None',
  bearer: 'Bearer token',
  api_key: 'API key',
  basic: 'Basic',
  headers: 'Headers',
}

/** Adds an MCP server, or changes one; credentials can be written and not read. */
export function ServerFormDialog({ server, onClose }: FormProps) {
  const [auth, setAuth] = useState(server?.auth_type ?? 'none')
  const [problem, setProblem] = useState('')
  const save = useChange({ queryKeys: [serversQuery], onDone: onClose })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = Object.fromEntries(new FormData(event.currentTarget)) as Readonly<Record<string, string>>
    const config = readCredentials(fields['credentials'] ?? '')
    setProblem(config === 'unreadable' ? 'The credentials must be JSON, such as {"token": "…"}.' : '')
    if (config === 'unreadable') return
    const { name = '', url = '', description = '', timeout = '' } = fields
    const body = {
      ...(server?.protocol === 'stdio' || url === server?.url ? {} : { url }),
      description: description === '' ? null : description,
      timeout_seconds: timeout === '' ? null : Number(timeout),
      ...(auth === (server?.auth_type ?? 'none') ? {} : { auth_type: auth }),
      ...(config === undefined
        ? auth === 'none' && server?.auth_config
          ? { auth_config: null }
          : {}
        : { auth_config: config }),
    }
    save.change(
      server
        ? ['PATCH', `/mcp-servers/${encodeURIComponent(server.name)}`, body]
        : ['POST', '/mcp-servers', { name, ...body }],
    )
  }
  return (
    <DialogWindow title={server ? `Edit ${server.name}` : 'Add server'} onClose={onClose}>
      <Form className="admin-form" onSubmit={submit}>
        {!server && <TextInput label="Name" name="name" autoComplete="off" isRequired autoFocus />}
        {server?.protocol !== 'stdio' && (
          <TextInput label="Address" name="url" type="url" defaultValue={server?.url ?? ''} isRequired />
        )}
        <TextInput label="Description" name="description" defaultValue={server?.description ?? ''} />
        <TextInput
          label="Longest call in seconds"
          name="timeout"
          inputMode="numeric"
          pattern="\d*"
          defaultValue={String(server?.timeout_seconds ?? 30)}
        />
        <SelectInput label="Credentials" value={auth} onChange={setAuth}>
          {Object.entries(authTypes).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectInput>
        {auth !== 'none' && (
          <TextArea
            label="Secrets"
            name="credentials"
            hint={
              server?.auth_config
                ? 'Empty keeps the stored ones. JSON, such as {"token": "…"}.'
                : 'JSON, such as {"token": "…"}. They are never shown again.'
            }
          />
        )}
        {problem !== '' && <Callout kind="error">{problem}</Callout>}
        <ChangeState of={save} />
        <div className="modal-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" isDisabled={save.isPending}>
            {server ? 'Save' : 'Add'}
          </Button>
        </div>
      </Form>
    </DialogWindow>
  )
}

/** Undefined: nothing is given. */
function readCredentials(json: string): unknown {
  if (json.trim() === '') return undefined
  try {
    return JSON.parse(json)
  } catch {
    return 'unreadable'
  }
}
