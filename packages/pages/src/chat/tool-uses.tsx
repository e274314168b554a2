import type { ToolUse } from '@omni2/react'
import { Wrench } from 'lucide-react'
import { formatDuration } from '../ui/format.ts'

const labels: Readonly<Record<ToolUse['status'], string>> = {
  running: 'running…',
  ok: 'done',
  error: 'failed',
  refused: 'not allowed',
  timeout: 'took too long',
  cancelled: 'stopped',
}

/** The tools that an answer called, as they run. */
export function ToolUses({ tools }: { readonly tools: readonly ToolUse[] }) {
  if (tools.length === 0) return null
  return (
    <ul className="tools" aria-label="Tools">
      {tools.map((tool) => (
        <li key={tool.callId}>
          <details>
            <summary>
              <Wrench size={14} aria-hidden />
              <span className="mono">{tool.name}</span>
              <span className={`chip ${chipOf(tool.status)}`}>{labels[tool.status]}</span>
              {tool.durationMs !== undefined && (
                <span className="soft">{formatDuration(tool.durationMs)}</span>
              )}
            </summary>
            <pre tabIndex={0}>{JSON.stringify(tool.input, null, 2)}</pre>
          </details>
        </li>
      ))}
    </ul>
  )
}

function chipOf(status: ToolUse['status']): string {
  if (status === 'running') return 'live'
  return status === 'ok' ? 'ok' : 'error'
}
