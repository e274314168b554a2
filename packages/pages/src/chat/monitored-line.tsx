import { Eye } from 'lucide-react'
import { useRights } from '../session/use-rights.ts'
import { formatTime } from '../ui/format.ts'

/** Says that operators may follow the user's turns, where the deployment wants that said. */
export function MonitoredLine() {
  const until = useRights().data?.monitored_until ?? null
  if (until === null) return null
  return (
    <p className="limits" role="status">
      <Eye size={14} aria-hidden /> Operators may follow your messages until {formatTime(until)}.
    </p>
  )
}
