/** Calls back soon, once for all that changed until then. */
export type Schedule = (notify: () => void) => void

/** The clock and the frames of a page; a test has its own. */
interface Page {
  /** Milliseconds. */
  now(): number
  isVisible(): boolean
  /** Calls back when the next frame is drawn. */
  onFrame(draw: () => void): void
  /** Calls back once the frame that is being drawn is on the screen. */
  afterFrame(drawn: () => void): void
  later(work: () => void, ms: number): void
}

/** Pause between two notices of a page that draws no frames, in milliseconds. */
const hiddenMs = 50
/** How long a page rests after a notice, as a multiple of the time that it took to draw: it draws a third of the time. */
const restShare = 2

/**
 * One notice for each frame of the page, however many tokens come. A page that takes long to draw, as of a very long
 * paragraph, gets them further apart, so that it has time for its reader.
 */
export function paceFrames(page: Page = browserPage): Schedule {
  let restsUntil = 0
  let isDrawing = false
  /** Asked for while a frame is drawn. */
  let next: (() => void) | undefined

  const draw = (notify: () => void) =>
    page.onFrame(() => {
      const begunAt = page.now()
      isDrawing = true
      page.afterFrame(() => {
        const drawnAt = page.now()
        restsUntil = drawnAt + restShare * (drawnAt - begunAt)
        isDrawing = false
        const waiting = next
        next = undefined
        if (waiting) schedule(waiting)
      })
      notify()
    })
  const schedule: Schedule = (notify) => {
    const rest = restsUntil - page.now()
    if (!page.isVisible()) page.later(notify, hiddenMs)
    else if (isDrawing) next = notify
    else if (rest > 0) page.later(() => draw(notify), rest)
    else draw(notify)
  }
  return schedule
}

const browserPage: Page = {
  now: () => performance.now(),
  isVisible: () => typeof document === 'object' && document.visibilityState === 'visible',
  onFrame: (draw) => void requestAnimationFrame(draw),
  afterFrame: (drawn) => {
    // Its message is a task of its own, which comes after style, layout and paint.
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      drawn()
    })
    port1.start()
    port2.postMessage(null)
  },
  later: (work, ms) => void setTimeout(work, ms),
}
