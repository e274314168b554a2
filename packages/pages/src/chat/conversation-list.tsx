import type { Conversation } from '@omni2/client'
import { Plus, Search } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useState } from 'react'
import { Input, Label, SearchField } from 'react-aria-components'
import { Link } from 'wouter'
import { useApi } from '../session/session.tsx'
import { usePages } from '../session/use-pages.ts'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { conversationsQuery, nameOf } from './conversations-query.ts'

/** Menus and dialogs come after the list: they are half of the script of this page. */
const ConversationActions = lazy(() => import('./conversation-actions.tsx'))

interface ListProps {
  readonly current: string | undefined
  /** Called when a conversation was chosen. */
  readonly onChoose?: () => void
}

/** The user's conversations: search, open, rename, delete. */
export function ConversationList({ current, onChoose }: ListProps) {
  const api = useApi()
  const [search, setSearch] = useState('')
  const searched = useDeferredValue(search)
  const readPage = (cursor: string | undefined, signal: AbortSignal) =>
    api.listConversations({ search: searched.trim(), cursor, limit: 40, signal })
  const list = usePages([...conversationsQuery, searched], readPage, { keepsRows: true })
  const { items } = list
  return (
    <nav className="conversations" aria-label="Conversations">
      <h2 className="visually-hidden">Conversations</h2>
      <Link href="/" className="button primary new-chat" onClick={onChoose}>
        <Plus size={17} aria-hidden /> New chat
      </Link>
      <SearchField className="search" value={search} onChange={setSearch}>
        <Label className="visually-hidden">Search conversations</Label>
        <Search size={15} aria-hidden />
        <Input className="input" id="conversation-search" placeholder="Search" />
      </SearchField>
      {list.error && <Callout kind="error">{describeError(list.error)}</Callout>}
      {list.isSuccess && items.length === 0 && (
        <p className="soft empty">
          {searched === '' ? 'Your conversations will stand here.' : 'Nothing was found.'}
        </p>
      )}
      <ul>
        {items.map((item) => (
          <ConversationRow
            key={item.conversation_id}
            item={item}
            isCurrent={item.conversation_id === current}
            onChoose={onChoose}
          />
        ))}
      </ul>
      <MoreButton list={list} />
    </nav>
  )
}

interface RowProps {
  readonly item: Conversation
  readonly isCurrent: boolean
  readonly onChoose: (() => void) | undefined
}

function ConversationRow({ item, isCurrent, onChoose }: RowProps) {
  return (
    <li className={isCurrent ? 'current' : undefined}>
      <Link
        href={`/chat/${item.conversation_id}`}
        aria-current={isCurrent ? 'page' : undefined}
        title={nameOf(item)}
        onClick={onChoose}
      >
        <span className="conversation-title">{nameOf(item)}</span>
        {item.running && <span className="running-dot" role="img" aria-label="A reply is running" />}
      </Link>
      <Suspense>
        <ConversationActions item={item} isCurrent={isCurrent} />
      </Suspense>
    </li>
  )
}
