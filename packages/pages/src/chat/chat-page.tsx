import './chat-page.css'
import { lazy, Suspense, useCallback, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { OpenSession } from '../session/session.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ChatThread } from './chat-thread.tsx'
import { ConversationList } from './conversation-list.tsx'
import { useChatKeys } from './use-chat-keys.ts'

const ConversationDrawer = lazy(() => import('./conversation-drawer.tsx'))
const KeysDialog = lazy(() => import('./keys-dialog.tsx'))

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
  const [showsKeys, setShowsKeys] = useState(false)
  const showKeys = useCallback(() => setShowsKeys(true), [])
  useChatKeys({ onShowKeys: showKeys })
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
        <ChatThread
          key={opened.key}
          conversationId={opened.id}
          session={session}
          onBegin={begin}
          onShowKeys={showKeys}
        />
      </div>
      <Suspense>{showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}</Suspense>
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
