import './chat-page.css'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { OpenSession } from '../session/session.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ChatThread } from './chat-thread.tsx'
import { ConversationList } from './conversation-list.tsx'

const ConversationDrawer = lazy(() => import('./conversation-drawer.tsx'))

interface PageProps {
  readonly session: OpenSession
  readonly conversationId: string | undefined
}

/** The chat: conversations on the left, one of them on the right. */
export function ChatPage({ session, conversationId }: PageProps) {
  useTitle('Chat')
  const [, navigate] = useLocation()
  const opened = useOpened(conversationId)
  const begin = useCallback(
    (id: string) => {
      opened.adopt(id)
      navigate(`/chat/${id}`, { replace: true })
    },
    [opened, navigate],
  )
  useChatKeys()
  return (
    <main className="chat">
      <aside className="chat-side">
        <ConversationList current={conversationId} />
      </aside>
      <div className="chat-main">
        <div className="chat-bar">
          <Suspense>
            <ConversationDrawer current={conversationId} />
          </Suspense>
        </div>
        <ChatThread key={opened.key} conversationId={opened.id} session={session} onBegin={begin} />
      </div>
    </main>
  )
}

/** Which thread is open: a new conversation keeps its thread when it gets its address. */
function useOpened(conversationId: string | undefined) {
  const [opened, setOpened] = useState({ key: 0, id: conversationId })
  const adopted = useRef<{ readonly key: number; readonly id: string }>(undefined)
  const isAdopted = adopted.current?.key === opened.key && adopted.current.id === conversationId
  if (opened.id !== conversationId && !isAdopted) setOpened({ key: opened.key + 1, id: conversationId })
  // A new chat that is left for another new chat.
  if (opened.id === undefined && conversationId === undefined && adopted.current?.key === opened.key)
    setOpened({ key: opened.key + 1, id: undefined })
  const adopt = useCallback(
    (id: string) => {
      adopted.current = { key: opened.key, id }
    },
    [opened.key],
  )
  return { ...opened, adopt }
}

/** Ctrl+K searches, Ctrl+Shift+O begins a new chat. */
function useChatKeys(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey)) return
      const key = event.key.toLowerCase()
      if (key === 'k') document.getElementById('conversation-search')?.focus()
      else if (key === 'o' && event.shiftKey) navigate('/')
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [navigate])
}
