import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from 'react'
import { Label, TextArea, TextField } from 'react-aria-components'
import { Button } from '../ui/button.tsx'

interface ComposerProps {
  /** Names the draft that is kept. */
  readonly draftKey: string
  readonly input: RefObject<HTMLTextAreaElement | null>
  readonly isDisabled: boolean
  readonly onSend: (text: string) => void
}

/** Where a message is written: Enter sends it, Shift+Enter breaks the line, and a draft survives a reload. */
export function Composer({ draftKey, input, isDisabled, onSend }: ComposerProps) {
  const [text, setText] = useDraft(draftKey)
  useLayoutEffect(() => {
    const box = input.current
    if (!box) return
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight + 2, 260)}px`
  }, [text, input])
  const isEmpty = text.trim() === ''
  const send = () => {
    if (isEmpty || isDisabled) return
    onSend(text.trim())
    setText('')
    input.current?.focus()
  }
  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <TextField className="composer-field" value={text} onChange={setText}>
        <Label className="visually-hidden">Message</Label>
        <TextArea
          id="message-box"
          ref={input}
          rows={1}
          placeholder="Write a message"
          onKeyDown={sendOnEnter}
        />
      </TextField>
      <Button type="submit" kind="primary" isIcon aria-label="Send" isDisabled={isEmpty || isDisabled}>
        <ArrowUp size={18} aria-hidden />
      </Button>
    </form>
  )
}

const keyOf = (draftKey: string): string => `omni2.draft.${draftKey}`

function useDraft(draftKey: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => localStorage.getItem(keyOf(draftKey)) ?? '')
  useEffect(() => {
    if (text === '') localStorage.removeItem(keyOf(draftKey))
    else localStorage.setItem(keyOf(draftKey), text)
  }, [draftKey, text])
  return [text, setText]
}
