import './admin-page.css'
import { Link, Route, Switch, useLocation } from 'wouter'
import { useRights } from '../session/use-rights.ts'
import { Callout } from '../ui/callout.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ChangesPage } from './changes-page.tsx'
import { UsersPage } from './users-page.tsx'

const places = [
  { href: '/admin', name: 'Users' },
  { href: '/admin/changes', name: 'Audit log' },
] as const

/** Administration; operators look, administrators change. */
export default function AdminPage() {
  useTitle('Administration')
  const rights = useRights()
  const [path] = useLocation()
  if (rights.isPending) return null
  if (!rights.data?.is_operator)
    return (
      <main className="prose-page">
        <Callout kind="error">This page is for operators. Your role does not include it.</Callout>
      </main>
    )
  return (
    <main className="admin">
      <div className="history-head">
        <h1>Administration</h1>
        <nav className="views" aria-label="Parts">
          {places.map(({ href, name }) => (
            <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
      </div>
      <Switch>
        <Route path="/admin/changes">
          <ChangesPage />
        </Route>
        <Route>
          <UsersPage mayChange={rights.data.is_administrator} />
        </Route>
      </Switch>
    </main>
  )
}
