import { Link } from 'wouter'
import { DataTable, numbers } from '../../ui/data-table.tsx'
import { formatCost } from '../../ui/format.ts'
import { ListState } from '../list-state.tsx'
import { type Role, useRoles } from './role.ts'

/** All roles, opened to be read or changed. */
export function RolesPage({ mayChange }: { readonly mayChange: boolean }) {
  const roles = useRoles()
  return (
    <section aria-label="Roles" className="admin-part">
      {mayChange && (
        <p>
          <Link href="/admin/new-role" className="button primary">
            New role
          </Link>
        </p>
      )}
      <ListState of={roles} empty="There is no role yet." />
      {roles.items.length > 0 && (
        <DataTable
          label="Roles"
          columns={[
            'Role',
            'MCP servers',
            numbers('Requests a minute'),
            numbers('USD a day'),
            numbers('Users'),
          ]}
        >
          {roles.items.map((role) => (
            <tr key={role.name}>
              <td>
                <Link href={`/admin/roles/${encodeURIComponent(role.name)}`}>{role.name}</Link>
                {role.description !== null && <div className="soft">{role.description}</div>}
              </td>
              <td className="wraps">{describeAccess(role)}</td>
              <td className="number">{role.rate_limit ?? 'no limit'}</td>
              <td className="number">
                {role.cost_limit_daily === null ? 'no limit' : formatCost(role.cost_limit_daily)}
              </td>
              <td className="number">{role.users}</td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  )
}

function describeAccess({ mcp_access: access }: Role): string {
  if (!access || access.length === 0) return 'none'
  return access.includes('*') ? 'all' : access.join(', ')
}
