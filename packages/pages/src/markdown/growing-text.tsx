import { useLayoutEffect, useRef, useState } from 'react'
import { LongText } from './long-text.ts'

interface Growing {
  readonly text: string
  /** Whether more may follow. */
  readonly isOpen: boolean
}

/** Text of an answer: one that grows is added to and not replaced, so that what a reader has selected stays selected. */
export function GrowingText({ text, isOpen }: Growing) {
  const [grows] = useState(isOpen)
  return grows ? <Added text={text} isOpen={isOpen} /> : text
}

function Added({ text, isOpen }: Growing) {
  const element = useRef<HTMLSpanElement>(null)
  const shown = useRef<LongText>(null)
  useLayoutEffect(() => {
    if (!element.current) return undefined
    const long = new LongText(element.current)
    shown.current = long
    return () => long.close()
  }, [])
  useLayoutEffect(() => {
    if (isOpen) shown.current?.grow(text)
    else shown.current?.end(text)
  }, [text, isOpen])
  return <span ref={element} />
}
