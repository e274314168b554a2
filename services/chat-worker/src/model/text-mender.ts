import { makeStorable } from '../record/make-storable.ts'

/**
 * Makes a text storable that arrives in pieces cut anywhere, also within a surrogate pair. Half a pair at the end of a
 * piece waits for the next piece. The returned pieces, joined, equal `makeStorable` of the whole text.
 */
export class TextMender {
  #half = ''

  /** The text that can be sent after this piece. */
  add(piece: string): string {
    const text = this.#half + piece
    const end = /[\uD800-\uDBFF]$/.test(text) ? -1 : text.length
    this.#half = text.slice(end)
    return makeStorable(text.slice(0, end))
  }

  /** The rest of the text after the last piece. */
  end(): string {
    const rest = makeStorable(this.#half)
    this.#half = ''
    return rest
  }
}
