import type { GatewayConfig } from './config.ts'

export interface Route {
  /** Of the service, for messages. */
  readonly name: string
  /** The path itself and everything below it; `/` is itself alone. */
  readonly path: string
  readonly priority: number
  /** Whether auth must approve the request first. */
  readonly forwardAuth: boolean
  /** The service's addresses in the order in which to try them this time. */
  nextUpstreams(): readonly string[]
}

export interface Routes {
  /** By falling priority. */
  readonly all: readonly Route[]
  /** The text of a 404. */
  readonly served: readonly string[]
}

/** Where the pages are, and what they are made of. */
const pagePaths = [
  '/',
  '/login',
  '/chat',
  '/analytics',
  '/live',
  '/admin',
  '/assets',
  '/favicon.svg',
] as const

/** The routes of the gateway in front of a deployment, with its priorities. */
export function makeRoutes(
  { AUTH_URL, EDGE_URLS, CONSOLE_URL }: Pick<GatewayConfig, 'AUTH_URL' | 'EDGE_URLS' | 'CONSOLE_URL'>,
  silent: ReadonlySet<string> = new Set(),
): Routes {
  const nextEdges = makeRotation(EDGE_URLS, silent)
  const nextAuth = makeRotation([AUTH_URL])
  const edge = { name: 'ws-edge', forwardAuth: true, nextUpstreams: nextEdges }
  const auth = { name: 'auth', forwardAuth: false, nextUpstreams: nextAuth }
  const nextConsole = makeRotation([CONSOLE_URL])
  const admin = { name: 'console', forwardAuth: true, nextUpstreams: nextConsole }
  // They are the same for everyone; what they show they ask for themselves.
  const page = (path: string): Route => ({
    name: 'console',
    path,
    priority: path === '/' ? 40 : 50,
    forwardAuth: false,
    nextUpstreams: nextConsole,
  })
  return {
    all: [
      { ...edge, path: '/ws/chat', priority: 210 },
      { ...edge, path: '/ws', priority: 200 },
      { ...edge, path: '/api/v1/chat/ask/stream', priority: 150 },
      { ...edge, path: '/ask', priority: 100 },
      { ...admin, path: '/api', priority: 100 },
      { ...auth, path: '/auth', priority: 100 },
      { ...auth, path: '/.well-known/jwks.json', priority: 100 },
      ...pagePaths.map(page),
    ].toSorted((a, b) => b.priority - a.priority),
    served: [
      '/ (the pages)',
      '/ws/chat (WebSocket)',
      '/ask/stream (POST)',
      '/api/v1/chat/ask/stream (POST)',
      '/api/admin/v1/openapi.json',
      '/auth/login',
      '/.well-known/jwks.json',
    ],
  }
}

/** The path is compared as it was sent, because it is passed on unchanged. */
export function findRoute({ url }: { url?: string | undefined }, { all }: Routes): Route | undefined {
  const path = (url ?? '/').replace(/\?.*$/s, '')
  return all.find((route) => path === route.path || (route.path !== '/' && path.startsWith(`${route.path}/`)))
}

/** Round robin: each call begins with the next one, and ends with the silent ones; both may change between two calls. */
function makeRotation(urls: readonly string[], silent?: ReadonlySet<string>): () => readonly string[] {
  let turn = -1
  return () => {
    turn = (turn + 1) % urls.length
    const inTurn = [...urls.slice(turn), ...urls.slice(0, turn)]
    return inTurn.toSorted((a, b) => Number(silent?.has(a) ?? false) - Number(silent?.has(b) ?? false))
  }
}
