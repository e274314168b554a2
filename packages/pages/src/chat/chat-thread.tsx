import { type ChatApi, ChatError, type Page, type SpokenTurn } from '@omni2/client'
import { type Exchange, hasEnded, useChat, type UsedChat } from '@omni2/react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { deploymentUrl, type OpenSession, useSession } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Busy } from '../ui/busy.tsx'
import { Composer } from './composer.tsx'
import { ConnectionLine } from './connection-line.tsx'
import { conversationsQuery } from './conversations-query.ts'
import { ExchangeView } from './exchange-view.tsx'
import { LimitsLine } from './limits-line.tsx'
import { MonitoredLine } from './monitored-line.tsx'
import { ReplyAnnouncer } from './reply-announcer.tsx'
import { makeThread } from './thread-item.ts'
import { usePinnedScroll } from './use-pinned-scroll.ts'
import { listWaiting, WaitingMessages } from './waiting-messages.tsx'

interface ThreadProps {
  /** The conversation as it was opened; undefined: a new one. */
  readonly conversationId: string | undefined
  readonly session: OpenSession
  /** The server has taken the first message of a new conversation. */
  readonly onBegin: (conversationId: string) => void
  readonly onShowKeys: () => void
}

/** One conversation: what was said, what is being said, and where to go on. */
export function ChatThread({ conversationId, session, onBegin, onShowKeys }: ThreadProps) {
  const chat = useChat(conversationId ?? 'new', {
    url: deploymentUrl,
    token: session.login.token,
    conversationId,
  })
  const earlier = useEarlierTurns(conversationId, { api: session.api, chat })
  const [removed, setRemoved] = useState<readonly string[]>([])
  const waiting = useMemo(() => listWaiting(chat.exchanges), [chat.exchanges])
  const thread = useMemo(
    () =>
      makeThread(
        earlier.turns,
        chat.exchanges.filter((one) => !waiting.includes(one) && !isRemoved(one, removed)),
      ),
    [earlier.turns, chat.exchanges, waiting, removed],
  )
  const input = useRef<HTMLTextAreaElement>(null)
  const { scroller, content, isAtEnd, goToEnd } = usePinnedScroll()
  useSessionEnd(chat.connection)
  useListRefresh(chat.exchanges)

  const isAccepted = chat.exchanges.some(({ turnId }) => turnId !== undefined)
  useEffect(() => {
    if (conversationId === undefined && isAccepted && chat.conversationId !== undefined)
      onBegin(chat.conversationId)
  }, [conversationId, isAccepted, chat.conversationId, onBegin])

  const { send, stop } = chat
  const say = useCallback(
    (text: string, replaces?: string) => {
      void send(text, { replaces })
      goToEnd()
    },
    [send, goToEnd],
  )
  const remove = (key: string) => {
    setRemoved((before) => [...before, key])
    stop(key)
  }
  const replace = useCallback((turnId: string, text: string) => say(text, turnId), [say])
  const isClosed = chat.connection.type === 'closed'
  const isRunning = thread.some((item) => !hasEnded(item))
  useStopByKey(chat.exchanges, stop)
  return (
    <section className="thread" aria-label="Conversation">
      <div className="thread-scroll" ref={scroller}>
        <div className="thread-content" ref={content}>
          {earlier.hasMore && (
            <Button isSmall onPress={earlier.loadMore} isDisabled={earlier.isLoading}>
              {earlier.isLoading ? 'Loading…' : 'Show earlier messages'}
            </Button>
          )}
          {earlier.isFirstLoad && <Busy label="Loading the conversation…" />}
          {conversationId === undefined && thread.length === 0 && (
            <div className="greeting">
              <h1>
                {chat.welcome?.text === undefined || chat.welcome.text === ''
                  ? 'How can I help?'
                  : chat.welcome.text}
              </h1>
            </div>
          )}
          {thread.map((item) => (
            <ExchangeView
              key={item.key}
              item={item}
              isEditable={!isRunning && !isClosed && hasEnded(item)}
              onStop={stop}
              onReplace={replace}
            />
          ))}
        </div>
      </div>
      <div className="thread-foot">
        {!isAtEnd && (
          <Button isSmall isIcon aria-label="Go to the latest message" onPress={goToEnd}>
            <ArrowDown size={16} aria-hidden />
          </Button>
        )}
        <ConnectionLine connection={chat.connection} />
        <LimitsLine limits={chat.limits} />
        <MonitoredLine />
        <WaitingMessages messages={waiting} onRemove={remove} />
        <Composer draftKey={conversationId ?? 'new'} input={input} isDisabled={isClosed} onSend={say} />
        <p className="soft hint">
          Enter sends · Shift+Enter breaks the line · Esc twice stops ·{' '}
          <button type="button" className="hint-button" onClick={onShowKeys}>
            All keys
          </button>
        </p>
      </div>
      <ReplyAnnouncer item={chat.exchanges.length === 0 ? undefined : thread.at(-1)} />
    </section>
  )
}

/** A message that was taken back before its turn began leaves nothing. */
const isRemoved = ({ key, state, text }: Exchange, removed: readonly string[]): boolean =>
  removed.includes(key) && text === '' && (state === 'stopping' || state === 'cancelled')

/** Turns of a page of history. */
const pageTurns = 30
/** Pause between two looks at a turn that runs and that the connection does not show, in milliseconds. */
const lookMs = 2000

/**
 * The turns of before. They are read again after each reconnect, since others may have come meanwhile, and while one of
 * them runs that the connection does not show: it ended just before the connection was there.
 */
function useEarlierTurns(
  conversationId: string | undefined,
  { api, chat }: { readonly api: ChatApi; readonly chat: UsedChat },
) {
  const query = useInfiniteQuery({
    queryKey: ['turns', conversationId],
    queryFn: ({ pageParam }) => api.listTurns(conversationId ?? '', { cursor: pageParam, limit: pageTurns }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    enabled: conversationId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchInterval: ({ state }) =>
      state.data && chat.connection.type === 'connected' && hasUnseen(state.data.pages, chat.exchanges)
        ? lookMs
        : false,
    retry: (count, error) => count < 3 && !(error instanceof ChatError && error.status === 404),
  })
  const { refetch, isSuccess } = query
  const { welcome } = chat
  const first = useRef(welcome)
  useEffect(() => {
    first.current ??= welcome
    if (welcome !== first.current && isSuccess) void refetch()
    // oxlint-disable-next-line react/exhaustive-deps -- once for each welcome
  }, [welcome])
  const turns = useMemo<SpokenTurn[]>(
    () => (query.data?.pages.flatMap((page) => page.items) ?? []).toReversed(),
    [query.data],
  )
  return {
    turns,
    hasMore: query.hasNextPage,
    isLoading: query.isFetchingNextPage,
    isFirstLoad: query.isLoading,
    loadMore: () => void query.fetchNextPage(),
  }
}

function hasUnseen(
  pages: readonly Page<SpokenTurn>[],
  exchanges: readonly Pick<Exchange, 'turnId'>[],
): boolean {
  const seen = new Set(exchanges.map(({ turnId }) => turnId))
  return pages.some(({ items }) =>
    items.some(
      ({ status, session_id }) => (status === 'running' || status === 'queued') && !seen.has(session_id),
    ),
  )
}

/** A login that is over leads to the login page, and from there back. */
function useSessionEnd(connection: { type: string; error?: ChatError | undefined }): void {
  const { end } = useSession()
  const status = connection.error?.status
  useEffect(() => {
    if (status === 401) end('Your session has ended. Sign in again to go on.')
  }, [status, end])
}

/** The list of conversations changes where a turn begins or ends. */
function useListRefresh(exchanges: readonly Pick<Exchange, 'turnId' | 'state'>[]): void {
  const queries = useQueryClient()
  const begun = exchanges.filter(({ turnId }) => turnId !== undefined).length
  const ended = exchanges.filter(hasEnded).length
  useEffect(() => {
    if (begun > 0) void queries.invalidateQueries({ queryKey: conversationsQuery })
  }, [queries, begun, ended])
}

/** Longest pause between the two presses of Escape, in milliseconds. */
const doublePressMs = 600

/** Escape, pressed twice, stops the reply that runs. */
function useStopByKey(
  exchanges: readonly Pick<Exchange, 'key' | 'state'>[],
  stop: (key: string) => void,
): void {
  const running = exchanges.findLast(({ state }) => state === 'running' || state === 'sending')?.key
  useEffect(() => {
    if (running === undefined) return
    let pressedAt = Number.NEGATIVE_INFINITY
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      if (event.timeStamp - pressedAt < doublePressMs) stop(running)
      pressedAt = event.timeStamp
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [running, stop])
}
