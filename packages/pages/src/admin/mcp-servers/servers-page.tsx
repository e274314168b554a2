import { useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { formatTime } from '../../ui/format.ts'
import { type SortedColumn, SortedTable } from '../../ui/sorted-table.tsx'
import { ListState } from '../list-state.tsx'
import { type McpServer, useServers } from './server.ts'
import { ServerDialog } from './server-dialog.tsx'
import { ServerFormDialog } from './server-form-dialog.tsx'

const healthTones: Readonly<Record<string, string>> = { healthy: 'ok', unhealthy: 'error' }

/** All MCP servers, opened to be tried or changed. */
export function ServersPage({ mayChange }: { readonly mayChange: boolean }) {
  const servers = useServers()
  const [opened, setOpened] = useState<string>()
  const [edited, setEdited] = useState<McpServer | 'new'>()
  const columns = useMemo(() => listColumns(setOpened), [])
  const server = servers.items.find(({ name }) => name === opened)
  return (
    <section aria-label="MCP servers" className="admin-part">
      {mayChange && (
        <p>
          <Button kind="primary" onPress={() => setEdited('new')}>
            Add server
          </Button>
        </p>
      )}
      <ListState of={servers} empty="There is no MCP server, so no model has tools." />
      {servers.items.length > 0 && (
        <SortedTable label="MCP servers" columns={columns} rows={servers.items} keyOf={({ name }) => name} />
      )}
      {server && !edited && (
        <ServerDialog
          server={server}
          mayChange={mayChange}
          onEdit={() => setEdited(server)}
          onClose={() => setOpened(undefined)}
        />
      )}
      {edited && (
        <ServerFormDialog
          server={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  )
}

const listColumns = (open: (name: string) => void): readonly SortedColumn<McpServer>[] => [
  {
    name: 'Name',
    value: ({ name }) => name,
    cell: ({ name }) => (
      <button type="button" className="link-button" onClick={() => open(name)}>
        {name}
      </button>
    ),
  },
  {
    name: 'State',
    value: ({ status }) => status,
    cell: ({ status }) => <span className={`chip ${status === 'active' ? 'ok' : ''}`}>{status}</span>,
  },
  {
    name: 'Health',
    value: ({ health_status }) => health_status,
    cell: ({ health_status: health, last_health_check: at }) => (
      <>
        <span className={`chip ${healthTones[health ?? ''] ?? ''}`}>{health ?? 'unknown'}</span>
        {at !== null && <div className="soft">{formatTime(at)}</div>}
      </>
    ),
  },
  {
    name: 'Address',
    isWrapped: true,
    value: ({ protocol, url }) => (protocol === 'stdio' ? 'run by the workers' : url),
    cell: ({ protocol, url }) => (
      <span className="mono">{protocol === 'stdio' ? 'run by the workers' : url}</span>
    ),
  },
  { name: 'Credentials', value: ({ auth_type }) => auth_type, cell: ({ auth_type }) => auth_type ?? 'none' },
  {
    name: 'Description',
    isWrapped: true,
    value: ({ description }) => description,
    cell: ({ description }) => description ?? '–',
  },
]
