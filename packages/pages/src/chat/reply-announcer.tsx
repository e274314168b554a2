import { useEffect, useState } from 'react'
import { hasEnded } from '@omni2/react'
import { announce } from './announcement.ts'
import type { ThreadItem } from './thread-item.ts'

/** Says to screen readers how the newest reply of this connection goes; the thread itself is no live region. */
export function ReplyAnnouncer({ item }: { readonly item: ThreadItem | undefined }) {
  const seconds = useSeconds(item?.key, item !== undefined && !hasEnded(item))
  return (
    <div role="status" aria-label="Reply" className="visually-hidden">
      {announce(item, seconds)}
    </div>
  )
}

/** Seconds since `key` changed, counted while something runs. */
function useSeconds(key: string | undefined, isRunning: boolean): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    setSeconds(0)
    if (!isRunning) return
    const timer = setInterval(() => setSeconds((now) => now + 5), 5000)
    return () => clearInterval(timer)
  }, [key, isRunning])
  return seconds
}
