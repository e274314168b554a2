import { makeStorable } from '../record/make-storable.ts'

/**
 * Makes a text storable that comes in pieces cut anywhere, also within a surrogate pair: half a pair at the end of a piece
 * waits for the next one. All that it returns, joined, is what `makeStorable` makes of the whole text.
 */
export class TextMender {
  #half = ''

  /** What can be said once this piece has come. */
  add(piece: string): string {
    const text = this.#half + piece
    const end = /[\uD800-\uDBFF]$/.test(text) ? -1 : text.length
    this.#half = text.slice(end)
    return makeStorable(text.slice(0, end))
  }

  /** What is left to say when no piece follows. */
  end(): string {
    const rest = makeStorable(this.#half)
    this.#half = ''
    return rest
  }
}
