import type { Reply, ReplyEvent } from '@omni2/client'
import { formatCostLine } from './format-cost-line.ts'

/** Where a chat is written to. */
export interface Screen {
  /** The reply itself. */
  text(text: string): void
  /** A line about it. */
  note(line: string): void
}

/** Writes a reply as it comes; returns whether it ended well. A cancelled reply ends well. */
export async function printReply(reply: Reply, screen: Screen): Promise<boolean> {
  const page = new ReplyPage(screen)
  for await (const event of reply.events()) page.show(event)
  return reply.result().then(
    () => true,
    () => false,
  )
}

/** A reply on a screen that only grows: notes have their own lines, and a restart is shown as a note. */
class ReplyPage {
  readonly #screen: Screen
  #isMidLine = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  show(event: ReplyEvent): void {
    switch (event.type) {
      case 'token':
        return this.#add(event.text)
      case 'reset':
        this.#note('the reply begins again')
        return this.#add(event.text)
      case 'tool_call':
        return this.#note(`tool ${event.mcp}.${event.tool} ${JSON.stringify(event.input)}`)
      case 'tool_result':
        return this.#note(`tool ${event.status} after ${event.duration_ms} ms`)
      case 'waiting':
        return this.#note('no sign of life from the turn; waiting')
      case 'warning':
        return this.#note(`warning: ${event.message}`)
      case 'done':
      case 'cancelled':
        return this.#note(formatCostLine(event.result))
      case 'error':
      case 'blocked':
        return this.#fail(event)
      case 'accepted':
      case 'started':
      case 'restart':
      case 'snapshot':
        return undefined
    }
  }

  #fail({ error }: Extract<ReplyEvent, { type: 'error' | 'blocked' }>): void {
    this.#note(`${error.code}: ${error.message}`)
    if (error.result) this.#note(formatCostLine(error.result))
  }

  #add(text: string): void {
    if (text === '') return
    this.#screen.text(text)
    this.#isMidLine = !text.endsWith('\n')
  }

  #note(line: string): void {
    if (this.#isMidLine) this.#screen.text('\n')
    this.#isMidLine = false
    this.#screen.note(line)
  }
}
