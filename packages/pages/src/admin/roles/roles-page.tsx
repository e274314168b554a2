import { Link } from 'wouter'
import { formatCost } from '../../ui/format.ts'
import { type SortedColumn, SortedTable } from '../../ui/sorted-table.tsx'
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
        <SortedTable label="Roles" columns={columns} rows={roles.items} keyOf={({ name }) => name} />
      )}
    </section>
  )
}

const columns: readonly SortedColumn<Role>[] = [
  {
    name: 'Role',
    value: ({ name }) => name,
    cell: ({ name, description }) => (
      <>
        <Link href={`/admin/roles/${encodeURIComponent(name)}`}>{name}</Link>
        {description !== null && <div className="soft">{description}</div>}
      </>
    ),
  },
  { name: 'MCP servers', isWrapped: true, value: describeAccess },
  {
    name: 'Requests a minute',
    isNumber: true,
    value: ({ rate_limit }) => rate_limit,
    cell: ({ rate_limit }) => rate_limit ?? 'no limit',
  },
  {
    name: 'USD a day',
    isNumber: true,
    value: ({ cost_limit_daily }) => cost_limit_daily,
    cell: ({ cost_limit_daily: most }) => (most === null ? 'no limit' : formatCost(most)),
  },
  { name: 'Users', isNumber: true, value: ({ users }) => users },
]

function describeAccess({ mcp_access: access }: Role): string {
  if (!access || access.length === 0) return 'none'
  return access.includes('*') ? 'all' : access.join(', ')
}
