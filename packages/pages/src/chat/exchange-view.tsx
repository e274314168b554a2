import { ChevronLeft, ChevronRight, Pencil, RefreshCw, Square } from 'lucide-react'
import { memo, useId, useState } from 'react'
import { TextArea, TextField } from 'react-aria-components'
import { CopyButton } from '../markdown/code-block.tsx'
import { Markdown } from '../markdown/markdown.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { formatCost, formatDuration, formatNumber } from '../ui/format.ts'
import { ToolUses } from './tool-uses.tsx'
import type { ThreadItem } from './thread-item.ts'

interface ExchangeProps {
  readonly item: ThreadItem
  /** Whether its turn may be edited or asked again now. */
  readonly isEditable: boolean
  readonly onStop: (exchangeKey: string) => void
  /** Sends a text in the place of a turn. */
  readonly onReplace: (turnId: string, text: string) => void
}

/** A question and its answer. */
export const ExchangeView = memo(({ item, isEditable, onStop, onReplace }: ExchangeProps) => {
  const [isEditing, setEditing] = useState(false)
  const [version, setVersion] = useState<number>()
  const shown = version === undefined ? item : (item.versions[version] ?? item)
  const isRunning = item.state === 'sending' || item.state === 'running' || item.state === 'stopping'
  const { turnId } = item
  return (
    <>
      {isEditing && turnId !== undefined ? (
        <QuestionEditor
          text={item.question}
          onCancel={() => setEditing(false)}
          onSend={(text) => {
            setEditing(false)
            onReplace(turnId, text)
          }}
        />
      ) : (
        <Question
          item={shown}
          onEdit={isEditable && version === undefined ? () => setEditing(true) : undefined}
        />
      )}
      {item.versions.length > 0 && (
        <VersionSwitch
          count={item.versions.length + 1}
          at={version ?? item.versions.length}
          onChange={setVersion}
        />
      )}
      <Answer
        item={shown}
        onStop={
          isRunning && item.exchangeKey !== undefined ? () => onStop(item.exchangeKey ?? '') : undefined
        }
        onRegenerate={
          isEditable && version === undefined && turnId !== undefined
            ? () => onReplace(turnId, item.question)
            : undefined
        }
      />
    </>
  )
})

function Question({
  item,
  onEdit,
}: {
  readonly item: ThreadItem
  readonly onEdit: (() => void) | undefined
}) {
  const id = useId()
  return (
    <article className="message user" aria-labelledby={id}>
      <h3 id={id} className="visually-hidden">
        You
      </h3>
      <div className="bubble">{item.question}</div>
      <div className="message-actions">
        <CopyButton text={item.question} label="Copy message" />
        {onEdit && (
          <Button kind="quiet" isSmall isIcon aria-label="Edit" onPress={onEdit}>
            <Pencil size={15} aria-hidden />
          </Button>
        )}
      </div>
    </article>
  )
}

interface AnswerProps {
  readonly item: ThreadItem
  readonly onStop: (() => void) | undefined
  readonly onRegenerate: (() => void) | undefined
}

function Answer({ item, onStop, onRegenerate }: AnswerProps) {
  const id = useId()
  const { state, text, tools, warnings, notice, error, failure } = item
  const isGrowing = state === 'sending' || state === 'running' || state === 'stopping'
  return (
    <article className="message assistant" aria-labelledby={id} aria-busy={isGrowing}>
      <h3 id={id}>Assistant</h3>
      {notice === 'restarted' && (
        <p className="notice">The answer begins again: another worker took it over.</p>
      )}
      <ToolUses tools={tools} />
      {text === '' ? (
        isGrowing && <p className="notice">{describeSilence(item)}</p>
      ) : (
        <Markdown text={text} isGrowing={isGrowing} />
      )}
      {notice === 'silent' && text !== '' && <p className="notice">Still working. Nothing is lost.</p>}
      {warnings.map((warning) => (
        <Callout key={warning} kind="warn">
          {warning}
        </Callout>
      ))}
      {error && <Callout kind="error">{describeError(error)}</Callout>}
      {failure !== undefined && <div className="callout error">{failure}</div>}
      <div className="message-actions">
        {onStop && (
          <Button isSmall onPress={onStop} isDisabled={state === 'stopping'}>
            <Square size={13} aria-hidden /> {state === 'stopping' ? 'Stopping…' : 'Stop'}
          </Button>
        )}
        {text !== '' && !isGrowing && <CopyButton text={text} label="Copy" />}
        {onRegenerate && (
          <Button kind="quiet" isSmall isIcon aria-label="Regenerate" onPress={onRegenerate}>
            <RefreshCw size={15} aria-hidden />
          </Button>
        )}
        {!isGrowing && <SpentLine item={item} />}
      </div>
    </article>
  )
}

function describeSilence({ state, notice }: ThreadItem): string {
  if (state === 'stopping') return 'Stopping…'
  if (notice === 'silent') return 'Still waiting for a worker. Nothing is lost.'
  return state === 'sending' ? 'Sending…' : 'Thinking…'
}

function SpentLine({ item: { state, spent } }: { readonly item: ThreadItem }) {
  if (!spent) return null
  const parts = [
    state === 'cancelled' ? 'Stopped' : undefined,
    spent.tokens > 0 ? `${formatNumber(spent.tokens)} tokens` : undefined,
    spent.costUsd > 0 ? formatCost(spent.costUsd) : undefined,
    spent.durationMs === null ? undefined : formatDuration(spent.durationMs),
  ].filter((part) => part !== undefined)
  return <span className="spent">{parts.join(' · ')}</span>
}

interface EditorProps {
  readonly text: string
  readonly onSend: (text: string) => void
  readonly onCancel: () => void
}

function QuestionEditor({ text: before, onSend, onCancel }: EditorProps) {
  const [text, setText] = useState(before)
  return (
    <form
      className="editor"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onSend(text.trim())
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <TextField aria-label="Edit message" value={text} onChange={setText} autoFocus>
        <TextArea className="input" rows={Math.min(10, text.split('\n').length + 1)} />
      </TextField>
      <p className="soft">What followed this message is hidden once you send it.</p>
      <div className="modal-actions">
        <Button onPress={onCancel}>Cancel</Button>
        <Button type="submit" kind="primary" isDisabled={text.trim() === ''}>
          Send edit
        </Button>
      </div>
    </form>
  )
}

interface VersionProps {
  readonly count: number
  readonly at: number
  readonly onChange: (version: number | undefined) => void
}

/** Leads to earlier versions of a question, to be looked at. */
function VersionSwitch({ count, at, onChange }: VersionProps) {
  const go = (to: number) => onChange(to === count - 1 ? undefined : to)
  return (
    <div className="versions" role="group" aria-label="Versions">
      <Button
        kind="quiet"
        isSmall
        isIcon
        aria-label="Earlier version"
        isDisabled={at === 0}
        onPress={() => go(at - 1)}
      >
        <ChevronLeft size={16} aria-hidden />
      </Button>
      <span>
        {at + 1} of {count}
      </span>
      <Button
        kind="quiet"
        isSmall
        isIcon
        aria-label="Later version"
        isDisabled={at === count - 1}
        onPress={() => go(at + 1)}
      >
        <ChevronRight size={16} aria-hidden />
      </Button>
    </div>
  )
}
