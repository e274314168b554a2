import { ChatApi, ChatError, type Login, logIn, type Me } from '@omni2/client'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'

/** A login of this browser. */
export interface OpenSession {
  readonly state: 'in'
  readonly me: Me
  readonly login: Login
  readonly api: ChatApi
}

type Session =
  | { readonly state: 'unknown' }
  /** `message`: why an earlier one ended, for people. */
  | { readonly state: 'out'; readonly message?: string }
  | OpenSession

/** What a person proves with who they are: a name and its password, or an invitation and the password that they want. */
export type LoginProof =
  | { readonly username: string; readonly password: string }
  | { readonly invitation: string; readonly password: string }

interface SessionActions {
  readonly signIn: (proof: LoginProof) => Promise<void>
  readonly signOut: () => Promise<void>
  /** A request was refused because the login is over. */
  readonly end: (message: string) => void
}

const SessionContext = createContext<(Session & SessionActions) | undefined>(undefined)

/** The path of this deployment: pages, API and sockets are served at the same place. */
export const deploymentUrl = '/'

/** Finds out whether this browser is logged in, and keeps that up to date for all that is below. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: 'unknown' })
  const queries = useQueryClient()

  const open = useCallback(async (login: Login) => {
    const api = new ChatApi({ url: deploymentUrl, token: login.token })
    setSession({ state: 'in', me: await login.me(), login, api })
  }, [])

  useEffect(() => {
    const leaving = new AbortController()
    logIn({ url: deploymentUrl, cookie: true, signal: leaving.signal })
      .then(open)
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) setSession({ state: 'out', ...describeLostSession(error) })
      })
    return () => leaving.abort()
  }, [open])

  const actions = useMemo<SessionActions>(
    () => ({
      signIn: async (proof) => {
        queries.clear()
        await open(await logIn({ url: deploymentUrl, ...proof, cookie: true }))
      },
      signOut: async () => {
        if (session.state === 'in') await session.login.logOut()
        queries.clear()
        setSession({ state: 'out', message: 'You have signed out.' })
      },
      end: (message) => {
        queries.clear()
        setSession({ state: 'out', message })
      },
    }),
    [open, queries, session],
  )
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ query }) => {
        if (session.state === 'in' && isLoginOver(query.state.error))
          actions.end('Your session has ended. Sign in again to go on.')
      }),
    [queries, session, actions],
  )
  const value = useMemo(() => ({ ...session, ...actions }), [session, actions])
  return <SessionContext value={value}>{children}</SessionContext>
}

export function useSession(): Session & SessionActions {
  const session = use(SessionContext)
  if (!session) throw new TypeError('a session is used outside its provider')
  return session
}

/** The API of the user who is signed in; only for pages that need a session. */
export function useApi(): ChatApi {
  const session = useSession()
  if (session.state !== 'in') throw new TypeError('there is no session')
  return session.api
}

/** Whether an error means that the login is over. */
const isLoginOver = (error: unknown): boolean => error instanceof ChatError && error.status === 401

/** A first visit has no login; that needs no message. */
function describeLostSession(error: unknown): { message?: string } {
  if (!(error instanceof ChatError)) return { message: String(error) }
  if (error.code === 'refresh_token_missing') return {}
  if (error.status === 401) return { message: 'Your session has ended. Sign in again to go on.' }
  return { message: error.message }
}
