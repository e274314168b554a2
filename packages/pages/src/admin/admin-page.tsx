import './admin-page.css'
import { Link, Route, Switch, useLocation } from 'wouter'
import { OperatorsOnly } from '../session/operators-only.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ChangesPage } from './changes/changes-page.tsx'
import { LimitsPage } from './limits/limits-page.tsx'
import { ServersPage } from './mcp-servers/servers-page.tsx'
import { PricesPage } from './prices/prices-page.tsx'
import { RolePage } from './roles/role-page.tsx'
import { RolesPage } from './roles/roles-page.tsx'
import { TextsPage } from './texts/texts-page.tsx'
import { UsagePage } from './usage/usage-page.tsx'
import { UsersPage } from './users/users-page.tsx'

const places = [
  { href: '/admin', name: 'Users' },
  { href: '/admin/roles', name: 'Roles' },
  { href: '/admin/limits', name: 'Limits' },
  { href: '/admin/texts', name: 'Texts' },
  { href: '/admin/mcp-servers', name: 'MCP servers' },
  { href: '/admin/prices', name: 'Prices' },
  { href: '/admin/usage', name: 'Usage' },
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
                <Link key={href} href={href} aria-current={isAt(path, href) ? 'page' : undefined}>
                  {name}
                </Link>
              ))}
            </nav>
          </div>
          <Switch>
            <Route path="/admin/roles">
              <RolesPage mayChange={mayChange} />
            </Route>
            <Route path="/admin/new-role">
              <RolePage mayChange={mayChange} />
            </Route>
            <Route path="/admin/roles/:name">
              {({ name }) => <RolePage key={name} name={decodeURIComponent(name)} mayChange={mayChange} />}
            </Route>
            <Route path="/admin/limits">
              <LimitsPage mayChange={mayChange} />
            </Route>
            <Route path="/admin/texts">
              <TextsPage mayChange={mayChange} />
            </Route>
            <Route path="/admin/mcp-servers">
              <ServersPage mayChange={mayChange} />
            </Route>
            <Route path="/admin/prices">
              <PricesPage mayChange={mayChange} />
            </Route>
            <Route path="/admin/usage">
              <UsagePage />
            </Route>
            <Route path="/admin/changes">
              <ChangesPage />
            </Route>
            <Route path="/admin">
              <UsersPage mayChange={mayChange} />
            </Route>
            <Route>
              <p>There is no such part of the administration.</p>
            </Route>
          </Switch>
        </main>
      )}
    </OperatorsOnly>
  )
}

/** A part is current on its pages too. */
const isAt = (path: string, href: string): boolean =>
  path === href ||
  (href !== '/admin' && path.startsWith(`${href}/`)) ||
  (href === '/admin/roles' && path === '/admin/new-role')
