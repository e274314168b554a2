import { useEffect } from 'react'
import { useLocation } from 'wouter'

interface Keys {
  readonly onShowKeys: () => void
}

/** Ctrl+K searches, Ctrl+Shift+O begins a new chat; outside of a field, / goes to the message and ? shows all keys. */
export function useChatKeys({ onShowKeys }: Keys): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase()
      const isCommand = event.ctrlKey || event.metaKey
      if (isCommand && key === 'k') document.getElementById('conversation-search')?.focus()
      else if (isCommand && key === 'o' && event.shiftKey) navigate('/')
      else if (isCommand || isTyping(event.target)) return
      else if (key === '/') document.getElementById('message-box')?.focus()
      else if (key === '?') onShowKeys()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [navigate, onShowKeys])
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null
