import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
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
        <DataTable
          label="MCP servers"
          columns={['Name', 'State', 'Health', 'Address', 'Credentials', 'Description']}
        >
          {servers.items.map((row) => (
            <tr key={row.name}>
              <td>
                <button type="button" className="link-button" onClick={() => setOpened(row.name)}>
                  {row.name}
                </button>
              </td>
              <td>
                <span className={`chip ${row.status === 'active' ? 'ok' : ''}`}>{row.status}</span>
              </td>
              <td>
                <span className={`chip ${healthTones[row.health_status ?? ''] ?? ''}`}>
                  {row.health_status ?? 'unknown'}
                </span>
              </td>
              <td className="mono wraps">{row.protocol === 'stdio' ? 'run by the workers' : row.url}</td>
              <td>{row.auth_type ?? 'none'}</td>
              <td className="wraps">{row.description ?? '–'}</td>
            </tr>
          ))}
        </DataTable>
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
