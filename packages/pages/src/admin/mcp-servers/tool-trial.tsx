import type { ApiAnswers } from '../../session/api-answers.ts'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useApi } from '../../session/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { formatDuration } from '../../ui/format.ts'
import { SelectInput } from '../../ui/select-input.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { adminPath } from '../use-change.ts'

interface TrialProps {
  readonly server: string
  readonly tools: readonly string[]
}

/** Calls a tool as a model would, with the rights of who tries it. */
export function ToolTrial({ server, tools }: TrialProps) {
  const api = useApi()
  const [tool, setTool] = useState(tools[0] ?? '')
  const [given, setGiven] = useState('{}')
  const call = useMutation({
    mutationFn: () =>
      api.request<ApiAnswers['callMcpTool']>(
        'POST',
        `${adminPath}/mcp-servers/${encodeURIComponent(server)}/call`,
        {
          body: { tool, arguments: readArguments(given) },
        },
      ),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    call.mutate()
  }
  const called = call.data?.after
  return (
    <form className="admin-form" onSubmit={submit} aria-label="Try a tool">
      <SelectInput label="Tool" value={tool} onChange={setTool}>
        {tools.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectInput>
      <TextArea label="Arguments" hint="JSON, as a model would write it." value={given} onChange={setGiven} />
      <div className="admin-row">
        <Button type="submit" isDisabled={call.isPending}>
          {call.isPending ? 'Calling…' : 'Call'}
        </Button>
      </div>
      {call.error && <Callout kind="error">{describeError(call.error)}</Callout>}
      {called && (
        <>
          <p role="status">
            <span className={`chip ${called.status === 'ok' ? 'ok' : 'error'}`}>{called.status}</span> after{' '}
            {formatDuration(called.duration_ms)}
            {called.rule !== '' && `, by the rule ${called.rule}`}
          </p>
          <pre className="result" tabIndex={0} aria-label="Result">
            {called.content}
          </pre>
        </>
      )}
    </form>
  )
}

function readArguments(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new Error('The arguments must be JSON, such as {"text": "Hello"}.')
  }
}
