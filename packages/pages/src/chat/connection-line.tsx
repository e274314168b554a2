import type { ConnectionState } from '@omni2/react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'

/** Says in words how the connection is, where it is not as it should be. */
export function ConnectionLine({ connection }: { readonly connection: ConnectionState }) {
  const isOnline = useSyncExternalStore(followNetwork, () => navigator.onLine)
  if (!isOnline)
    return (
      <p className="connection" role="status">
        You are offline. Nothing is lost: a running answer goes on, and what you send waits.
      </p>
    )
  if (connection.type === 'connecting')
    return (
      <p className="connection" role="status">
        Connecting…
      </p>
    )
  if (connection.type === 'reconnecting') return <Reconnecting retryAt={connection.retryAt} />
  if (connection.type === 'closed' && connection.error)
    return <Callout kind="error">{describeError(connection.error)}</Callout>
  return null
}

function Reconnecting({ retryAt }: { readonly retryAt: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.ceil((retryAt - now) / 1000)
  return (
    <p className="connection" role="status">
      <span className="running-dot" aria-hidden /> Reconnecting{seconds > 1 ? ` in ${seconds} s` : '…'}
      <span className="visually-hidden">.</span> Nothing is lost: a running answer goes on.
    </p>
  )
}

function followNetwork(listener: () => void): () => void {
  const names = ['online', 'offline']
  for (const name of names) addEventListener(name, listener)
  return () => {
    for (const name of names) removeEventListener(name, listener)
  }
}
