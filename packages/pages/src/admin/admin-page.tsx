import './admin-page.css'
import { Link, Route, Switch, useLocation } from 'wouter'
import { OperatorsOnly } from '../session/operators-only.tsx'
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
  const [path] = useLocation()
  return (
    <OperatorsOnly>
      {({ mayChange }) => (
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
              <UsersPage mayChange={mayChange} />
            </Route>
          </Switch>
        </main>
      )}
    </OperatorsOnly>
  )
}
