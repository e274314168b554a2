import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { type FlowFilter, ranges } from './flow-filter.ts'
import { flowStatuses } from './flow.ts'

interface BarProps {
  readonly filter: FlowFilter
  /** Whether turns of other users may be asked for. */
  readonly isOperator: boolean
  readonly onChange: (filter: FlowFilter) => void
}

/** What is shown; a choice counts at once, a text when it is sent. */
export function FilterBar({ filter, isOperator, onChange }: BarProps) {
  const [draft, setDraft] = useState(filter)
  useEffect(() => setDraft(filter), [filter])
  const choose = (changed: Partial<FlowFilter>) => onChange({ ...draft, ...changed })
  const write = (changed: Partial<FlowFilter>) => setDraft({ ...draft, ...changed })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChange(draft)
  }
  return (
    <form className="filters" onSubmit={submit} aria-label="Filters">
      <TextFilter label="Search" value={draft.search} onChange={(search) => write({ search })} />
      <Choice
        label="Range"
        value={draft.range}
        onChange={(range) => choose({ range: range as FlowFilter['range'] })}
      >
        {Object.entries(ranges).map(([key, { name }]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label="Status" value={draft.status} onChange={(status) => choose({ status })}>
        <option value="">Any</option>
        {flowStatuses.map((status) => (
          <option key={status} value={status}>
            {status}
          </option>
        ))}
      </Choice>
      <Choice label="Source" value={draft.source} onChange={(source) => choose({ source })}>
        <option value="">Any</option>
        <option value="ws">WebSocket</option>
        <option value="sse">SSE</option>
      </Choice>
      <TextFilter label="Model" value={draft.model} onChange={(model) => write({ model })} />
      <TextFilter label="Tool or server" value={draft.tool} onChange={(tool) => write({ tool })} />
      {isOperator && (
        <TextFilter label="User id" value={draft.userId} onChange={(userId) => write({ userId })} />
      )}
      <TextFilter label="Cost from, $" value={draft.costFrom} onChange={(costFrom) => write({ costFrom })} />
      <label className="filter-check">
        <input
          type="checkbox"
          checked={draft.onlyFailed}
          onChange={(event) => choose({ onlyFailed: event.target.checked })}
        />
        Only failed
      </label>
      <Button type="submit" isSmall>
        Apply
      </Button>
      <Button kind="quiet" isSmall onPress={() => onChange({ ...emptyFilter, view: filter.view })}>
        Clear
      </Button>
    </form>
  )
}

const emptyFilter: FlowFilter = {
  view: 'turns',
  range: '24h',
  search: '',
  status: '',
  source: '',
  model: '',
  tool: '',
  userId: '',
  conversationId: '',
  costFrom: '',
  onlyFailed: false,
}

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

const TextFilter = ({ label, value, onChange }: FieldProps) => (
  <label className="filter">
    <span>{label}</span>
    <input className="input" value={value} onChange={(event) => onChange(event.target.value)} />
  </label>
)

const Choice = ({
  label,
  value,
  onChange,
  children,
}: FieldProps & { readonly children: React.ReactNode }) => (
  <label className="filter">
    <span>{label}</span>
    <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
      {children}
    </select>
  </label>
)
