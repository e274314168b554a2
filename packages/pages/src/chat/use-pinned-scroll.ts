import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** Distance from the end, in pixels, within which a reader counts as being there. */
const nearPx = 40

/**
 * Keeps the end of a growing list in view, but only for a reader who is there: one who has scrolled up is never moved.
 */
export function usePinnedScroll(): {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly content: RefObject<HTMLDivElement | null>
  /** Whether the end is in view. */
  readonly isAtEnd: boolean
  readonly goToEnd: () => void
} {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const pinned = useRef(true)
  const [isAtEnd, setAtEnd] = useState(true)

  const goToEnd = useCallback(() => {
    pinned.current = true
    setAtEnd(true)
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [])

  useEffect(() => {
    const box = scroller.current
    const inner = content.current
    if (!box || !inner) return
    const note = () => {
      pinned.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx
      setAtEnd(pinned.current)
    }
    const follow = () => {
      if (pinned.current) box.scrollTop = box.scrollHeight
      else note()
    }
    const growing = new ResizeObserver(follow)
    growing.observe(inner)
    growing.observe(box)
    box.addEventListener('scroll', note, { passive: true })
    return () => {
      growing.disconnect()
      box.removeEventListener('scroll', note)
    }
  }, [])

  return { scroller, content, isAtEnd, goToEnd }
}
