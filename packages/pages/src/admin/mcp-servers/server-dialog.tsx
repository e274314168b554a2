import type { ApiAnswers } from '../../session/api-answers.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../session/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { DialogWindow } from '../../ui/dialog-window.tsx'
import { formatTime } from '../../ui/format.ts'
import { ChangeState } from '../change-state.tsx'
import { adminPath, useChange } from '../use-change.ts'
import { type McpServer, serversQuery } from './server.ts'
import { ToolTrial } from './tool-trial.tsx'

interface DialogProps {
  readonly server: McpServer
  readonly mayChange: boolean
  readonly onEdit: () => void
  readonly onClose: () => void
}

/** What a worker found. */
type Found = NonNullable<Answer['after']>

type Answer = ApiAnswers['testMcpServer']

/** One MCP server: how it is, its tools, and what may be changed. */
export function ServerDialog({ server, mayChange, onEdit, onClose }: DialogProps) {
  const api = useApi()
  const [isAsked, setAsked] = useState(false)
  const path = `/mcp-servers/${encodeURIComponent(server.name)}`
  const status = useChange({ queryKeys: [serversQuery] })
  const removal = useChange({ queryKeys: [serversQuery], onDone: onClose })
  const queries = useQueryClient()
  const test = useMutation({
    onSettled: () => queries.invalidateQueries({ queryKey: serversQuery }),
    mutationFn: () => api.request<Answer>('POST', `${adminPath}${path}/test`),
  })
  const isActive = server.status === 'active'
  const found = test.data?.after
  return (
    <DialogWindow title={server.name} onClose={onClose}>
      <Facts server={server} />
      {mayChange && (
        <div className="admin-row">
          <Button kind="primary" isDisabled={test.isPending || !isActive} onPress={() => test.mutate()}>
            {test.isPending ? 'Asking…' : 'List tools'}
          </Button>
          <Button onPress={onEdit}>Edit</Button>
          <Button
            onPress={() => status.change(['PATCH', path, { status: isActive ? 'inactive' : 'active' }])}
          >
            {isActive ? 'Disable' : 'Enable'}
          </Button>
          <Button kind="danger" onPress={() => setAsked(true)}>
            Delete
          </Button>
        </div>
      )}
      <ChangeState of={status} />
      {test.error && <Callout kind="error">{describeError(test.error)}</Callout>}
      {found && found.reason !== null && (
        <Callout kind="error">Its tools are not known: {found.reason}.</Callout>
      )}
      {found && found.reason === null && <Tools server={server.name} found={found} />}
      <div className="modal-actions">
        <Button onPress={onClose}>Close</Button>
      </div>
      {isAsked && (
        <ConfirmDialog
          title={`Delete ${server.name}`}
          confirm="Delete"
          onClose={() => setAsked(false)}
          onConfirm={() => {
            setAsked(false)
            removal.change(['DELETE', path])
          }}
        >
          <p>Its tools are offered no longer, and its credentials are deleted.</p>
        </ConfirmDialog>
      )}
    </DialogWindow>
  )
}

function Facts({ server }: { readonly server: McpServer }) {
  const facts = [
    ['Address', server.protocol === 'stdio' ? 'run by the workers' : server.url],
    ['Credentials', server.auth_type ?? 'none'],
    ['Longest call', server.timeout_seconds === null ? 'as the workers say' : `${server.timeout_seconds} s`],
    ['Health', server.health_status ?? 'not known'],
    ['Checked', server.last_health_check === null ? 'never' : formatTime(server.last_health_check)],
  ] as const
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="wraps">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Tools({ server, found: { tools, notes = [] } }: { readonly server: string; readonly found: Found }) {
  return (
    <>
      <p role="status">
        {server} offers {tools.length} {tools.length === 1 ? 'tool' : 'tools'}.
      </p>
      {notes.length > 0 && (
        <details>
          <summary>{notes.length} are not offered as the server describes them</summary>
          <ul className="effect-tools">
            {notes.map(({ tool, state, why }) => (
              <li key={`${tool} ${state}`}>
                <span className={`chip ${state === 'mapped' ? 'warn' : 'error'}`}>
                  {state.replaceAll('_', ' ')}
                </span>
                <span className="mono">{tool}</span>
                <span className="soft">{why}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {tools.length > 0 && <ToolTrial server={server} tools={tools} />}
    </>
  )
}
