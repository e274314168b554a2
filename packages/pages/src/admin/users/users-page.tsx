import type { Page } from '@omni2/client'
import { useDeferredValue, useState } from 'react'
import { useApi } from '../../session/session.tsx'
import { usePages } from '../../session/use-pages.ts'
import { Busy } from '../../ui/busy.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { DataTable, numbers } from '../../ui/data-table.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { CreateUserDialog } from './create-user-dialog.tsx'
import { UserDialog } from './user-dialog.tsx'
import { type ListedUser, usersQuery } from './user.ts'

/** All accounts: found by a name, opened to be changed. */
export function UsersPage({ mayChange }: { readonly mayChange: boolean }) {
  const api = useApi()
  const [search, setSearch] = useState('')
  const searched = useDeferredValue(search.trim())
  const [opened, setOpened] = useState<ListedUser | 'new'>()
  const readPage = (cursor: string | undefined, signal: AbortSignal) =>
    api.request<Page<ListedUser>>('GET', '/api/admin/v1/users', {
      query: { search: searched, cursor, limit: 50 },
      signal,
    })
  const list = usePages([...usersQuery, searched], readPage, { keepsRows: true })
  const { items: users } = list
  return (
    <section aria-label="Users" className="admin-part">
      <div className="follow-form">
        <label className="filter">
          <span>Search users</span>
          <input className="input" value={search} onChange={(event) => setSearch(event.target.value)} />
        </label>
        {mayChange && (
          <Button kind="primary" onPress={() => setOpened('new')}>
            Create user
          </Button>
        )}
      </div>
      {list.isPending && <Busy label="Loading users…" />}
      {list.error && <Callout kind="error">{describeError(list.error)}</Callout>}
      {list.isSuccess && users.length === 0 && <p className="soft">No user has such a name.</p>}
      {users.length > 0 && (
        <DataTable label="Users" columns={['Username', 'Name', 'E-mail', 'Role', 'State', numbers('Id')]}>
          {users.map((user) => (
            <tr key={user.id}>
              <td>
                <button type="button" className="link-button" onClick={() => setOpened(user)}>
                  {user.username}
                </button>
              </td>
              <td>{user.name}</td>
              <td>{user.email ?? '–'}</td>
              <td>{user.role ?? '–'}</td>
              <td>
                {!user.active && <span className="chip">inactive</span>}
                {user.is_blocked && <span className="chip error">blocked</span>}
                {user.active && !user.is_blocked && <span className="chip ok">active</span>}
              </td>
              <td className="number">{user.id}</td>
            </tr>
          ))}
        </DataTable>
      )}
      <MoreButton list={list} />
      {opened === 'new' && <CreateUserDialog onClose={() => setOpened(undefined)} />}
      {opened !== undefined && opened !== 'new' && (
        <UserDialog user={opened} mayChange={mayChange} onClose={() => setOpened(undefined)} />
      )}
    </section>
  )
}
