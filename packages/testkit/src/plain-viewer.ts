import { isTerminalFrameType } from '@omni2/contracts'

type Frame = { readonly type: string } & Readonly<Record<string, unknown>>

/**
 * The simplest client that shows replies: `token` adds, `restart` clears, `snapshot` replaces, a terminal frame
 * ends. It throws where that would show anything but the answer when the end comes, and where a turn ends twice without
 * having been asked for again by `accepted`. `finished` answers a resume with the whole end, so it replaces.
 */
export class PlainViewer {
  readonly #turns = new Map<string, { text: string | undefined; hasEnded: boolean }>()

  /** Takes one frame of one connection, in order, and returns it. */
  take<F extends Frame>(frame: F): F {
    const { session_id } = frame
    if (typeof session_id === 'string') this.#show(session_id, frame)
    return frame
  }

  /** Compares no text of a turn: the client has some of it from another connection, or the end is made up. */
  leaveOut(turnId: string): void {
    this.#turns.set(turnId, { text: undefined, hasEnded: false })
  }

  #show(turnId: string, frame: Frame): void {
    const turn = this.#turns.get(turnId) ?? { text: '', hasEnded: false }
    this.#turns.set(turnId, turn)
    const { type } = frame
    if (type === 'accepted') turn.hasEnded = false
    if (type === 'token' && turn.text !== undefined) turn.text += String(frame['text'])
    if (type === 'restart') turn.text = ''
    if (type === 'snapshot') turn.text = String(frame['text'])
    if (type === 'resumed' && turn.text === '' && frame['seq'] !== 0) turn.text = undefined
    if (type === 'finished') turn.text = readAnswer(frame['frame'] as Frame)
    if (type === 'finished') turn.hasEnded = true
    if (isEnd(frame)) this.#end(turn, frame)
    else if (turn.hasEnded && ['token', 'restart', 'snapshot'].includes(type))
      fail('text after its end', frame)
  }

  #end(turn: { text: string | undefined; hasEnded: boolean }, frame: Frame): void {
    if (turn.hasEnded) fail('a second end', frame)
    turn.hasEnded = true
    if (turn.text !== undefined && turn.text !== readAnswer(frame))
      fail(`an end with ${JSON.stringify(turn.text.slice(-80))} shown`, frame)
  }
}

/** An `error` of the edge's own, attempt 0, answers a frame of the client and ends nothing. */
const isEnd = ({ type, attempt }: Frame): boolean =>
  isTerminalFrameType(type) && !(type === 'error' && !(Number(attempt) > 0))

const readAnswer = ({ result }: Frame): string => (result as { answer?: string } | undefined)?.answer ?? ''

function fail(what: string, frame: Frame): never {
  throw new Error(`a plain viewer got ${what}: ${JSON.stringify(frame).slice(0, 400)}`)
}
