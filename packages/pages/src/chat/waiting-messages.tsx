import type { Exchange } from '@omni2/react'
import { X } from 'lucide-react'
import { Button } from '../ui/button.tsx'

interface WaitingProps {
  readonly messages: readonly Exchange[]
  readonly onRemove: (exchangeKey: string) => void
}

/** Messages that are sent once the reply that runs has ended; until then each can be taken back. */
export function WaitingMessages({ messages, onRemove }: WaitingProps) {
  if (messages.length === 0) return null
  return (
    <ul className="waiting-messages" aria-label="Waiting messages">
      {messages.map(({ key, question }) => (
        <li key={key} className="waiting-message">
          <span>{question}</span>
          <Button
            kind="quiet"
            isSmall
            isIcon
            aria-label={`Remove the waiting message ${question}`}
            onPress={() => onRemove(key)}
          >
            <X size={14} aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  )
}

/** Those behind a reply that has not ended: they are not accepted yet. */
export function listWaiting(exchanges: readonly Exchange[]): Exchange[] {
  const running = exchanges.findIndex(({ state }) => state === 'running' || state === 'stopping')
  return running < 0 ? [] : exchanges.slice(running + 1).filter(({ state }) => state === 'sending')
}
