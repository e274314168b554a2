import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { ChatPage } from './chat/chat-page.tsx'
import { FailedPage } from './layout/failed-page.tsx'
import { NotFoundPage } from './layout/not-found-page.tsx'
import { Shell } from './layout/shell.tsx'
import { InvitationPage } from './login/invitation-page.tsx'
import { LoginPage } from './login/login-page.tsx'
import { SessionProvider, useSession } from './session/session.tsx'
import { Busy } from './ui/busy.tsx'

const FlowHistoryPage = lazy(() => import('./flows/flow-history-page.tsx'))
const FlowPage = lazy(() => import('./flows/flow-page.tsx'))
const LivePage = lazy(() => import('./live/live-page.tsx'))
const AdminPage = lazy(() => import('./admin/admin-page.tsx'))

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 5000, refetchOnWindowFocus: true } },
})

/** One route, so that a new chat keeps its thread when it gets its address. */
const chatPaths = /^\/(?:chat\/(?<id>[\da-f-]{36}))?$/

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <Pages />
      </SessionProvider>
    </QueryClientProvider>
  )
}

/** Every page but the login needs a session; without one the login comes first and leads back. */
function Pages() {
  const session = useSession()
  const [path] = useLocation()
  if (session.state === 'unknown') return <Busy label="Loading…" />
  if (path === '/login') return <LoginPage />
  if (path === '/login/invitation') return <InvitationPage />
  if (session.state === 'out') {
    const here = `${path}${globalThis.location.search}`
    return <Redirect to={here === '/' ? '/login' : `/login?next=${encodeURIComponent(here)}`} replace />
  }
  return (
    <Shell me={session.me}>
      <FailedPage key={path.split('/')[1] === 'chat' ? '' : path.split('/')[1]}>
        <Suspense fallback={<Busy label="Loading…" />}>
          <Switch>
            <Route path={chatPaths}>{({ id }) => <ChatPage session={session} conversationId={id} />}</Route>
            <Route path="/analytics/flow-history">
              <FlowHistoryPage />
            </Route>
            <Route path="/analytics/flow-history/:id">{({ id }) => <FlowPage turnId={id} />}</Route>
            <Route path="/live">
              <LivePage />
            </Route>
            <Route path={/^\/admin(?:\/.*)?$/}>
              <AdminPage />
            </Route>
            <Route>
              <NotFoundPage />
            </Route>
          </Switch>
        </Suspense>
      </FailedPage>
    </Shell>
  )
}
