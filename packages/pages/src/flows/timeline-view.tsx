import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { formatDuration } from '../ui/format.ts'
import type { FlowDetails } from './flow.ts'
import { chooseTicks, layOutTimeline, type Section, type TimelineRow, zoomTo } from './timeline-layout.ts'

const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`

/** Where a moment stands on the axis. */
const placeOf = (at: number, { from, to }: Section): string => percent(at - from, to - from)

/** A turn on one axis: what waited, what was checked, what the model and the tools did, attempts below one another. */
export function TimelineView({ turn, now }: { readonly turn: FlowDetails; readonly now: number }) {
  const { length, rows, takeovers } = useMemo(() => layOutTimeline(turn, now), [turn, now])
  const [chosen, setChosen] = useState<string>()
  const [zoomed, setZoomed] = useState<Section>()
  const shown = zoomed ?? { from: 0, to: length }
  const list = useRef<HTMLDivElement>(null)
  const row = rows.find(({ id }) => id === chosen)
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const place = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[Math.max(0, Math.min(buttons.length - 1, place + step))]?.focus()
  }
  return (
    <section className="timeline" aria-label="Timeline">
      <h2>Timeline</h2>
      <div className="timeline-axis" aria-hidden>
        {chooseTicks(shown.to - shown.from).map((tick) => (
          <span key={tick} style={{ left: percent(tick, shown.to - shown.from) }}>
            {formatDuration(shown.from + tick)}
          </span>
        ))}
      </div>
      <div className="timeline-rows" ref={list} role="group" aria-label="Steps" onKeyDown={move}>
        {rows.map((each) => (
          <Row
            key={each.id}
            row={each}
            shown={shown}
            isChosen={each.id === chosen}
            onChoose={() => setChosen(each.id === chosen ? undefined : each.id)}
          />
        ))}
        {takeovers.map(({ at, attempt }) => (
          <div key={attempt} className="takeover" aria-hidden>
            {at >= shown.from && at <= shown.to && (
              <i style={{ left: placeOf(at, shown) }} title={`attempt ${attempt} began`} />
            )}
          </div>
        ))}
      </div>
      {takeovers.map(({ at, attempt }) => (
        <p key={attempt} className="soft">
          Attempt {attempt} took the turn over {formatDuration(at)} after it was accepted; what the attempt
          before it did is struck through.
        </p>
      ))}
      <div className="timeline-zoom">
        {row && (
          <Button isSmall onPress={() => setZoomed(zoomTo(row, length))}>
            Zoom to this step
          </Button>
        )}
        {zoomed && (
          <Button isSmall onPress={() => setZoomed(undefined)}>
            Whole turn
          </Button>
        )}
      </div>
      {row && <Detail row={row} />}
    </section>
  )
}

interface RowProps {
  readonly row: TimelineRow
  /** The part of the axis that is shown. */
  readonly shown: Section
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function Row({ row, shown, isChosen, onChoose }: RowProps) {
  const { kind, label, depth, from, to, isOpen, outcome } = row
  const took = formatDuration(to - from)
  const isBad = outcome === 'refused' || outcome === 'failed'
  const names = ['timeline-row', depth === 1 && 'part', outcome, isChosen && 'chosen'].filter(Boolean)
  return (
    <button type="button" className={names.join(' ')} aria-pressed={isChosen} onClick={onChoose}>
      <span className="timeline-name">
        {label}
        {isBad && <span className="chip error">{outcome}</span>}
      </span>
      <span className="timeline-track">
        <i
          className={`bar ${kind}${isOpen ? ' open' : ''}`}
          style={{
            left: placeOf(from, shown),
            width: `max(2px, ${percent(to - from, shown.to - shown.from)})`,
          }}
        />
      </span>
      <span className="timeline-took">{isOpen ? `${took}…` : took}</span>
    </button>
  )
}

function Detail({ row }: { readonly row: TimelineRow }) {
  const { limits } = row.data as { limits?: unknown }
  return (
    <div className="timeline-detail">
      <h3>{row.label}</h3>
      <p className="soft">
        attempt {row.attempt} · from {formatDuration(row.from)} to {formatDuration(row.to)} · {row.outcome}
      </p>
      {Array.isArray(limits) && <Limits limits={limits as readonly Limit[]} />}
      <pre tabIndex={0}>{JSON.stringify(row.data, null, 2)}</pre>
    </div>
  )
}

interface Limit {
  readonly kind: string
  readonly used: number
  readonly limit: number | null
}

function Limits({ limits }: { readonly limits: readonly Limit[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Limit</th>
          <th scope="col">Used</th>
          <th scope="col">Of</th>
        </tr>
      </thead>
      <tbody>
        {limits.map(({ kind, used, limit }) => (
          <tr key={kind}>
            <td>{kind.replaceAll('_', ' ')}</td>
            <td>{used}</td>
            <td>{limit ?? 'no limit'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
