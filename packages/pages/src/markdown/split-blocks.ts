import type { Token, TokensList } from 'marked'
import remend from 'remend'
import { readMarkdown } from './read-markdown.ts'

/** A block of an answer, such as a paragraph or a list. */
export interface Block {
  /** Stays the same while the answer grows. */
  readonly key: string
  readonly token: Token
  /** Whether text may still be added to it. */
  readonly isOpen: boolean
}

/**
 * Splits a growing text into blocks, and reads only what may still change: a block is closed once another one follows it.
 * A text that does not continue the one before is read from its beginning.
 */
export class BlockSplitter {
  #text = ''
  #closedTo = 0
  #closed: Block[] = []
  #generation = 0
  /** Characters that were read so far, over all calls. */
  read = 0

  /** The blocks of the whole text; `isGrowing`: more may follow, so what is unclosed at its end is shown as if closed. */
  split(text: string, { isGrowing }: { isGrowing: boolean }): readonly Block[] {
    const plain = text.replaceAll(/\r\n?/g, '\n')
    if (!plain.startsWith(this.#text)) this.#begin()
    this.#text = plain
    // References may be defined below their use: the end of an answer is read once more, whole.
    if (!isGrowing)
      return this.#read(plain).map((token, index) => ({
        key: `${this.#generation}.${index}`,
        token,
        isOpen: false,
      }))
    const tail = plain.slice(this.#closedTo)
    const tokens = this.#read(tail)
    const last = tokens.findLastIndex(({ type }) => type !== 'space')
    const isWhole = tokens.reduce((length, { raw }) => length + raw.length, 0) === tail.length
    if (isWhole) this.#close(tokens.slice(0, Math.max(0, last)))
    const open = isWhole ? tokens.slice(Math.max(0, last)) : tokens
    const rest = open.map(({ raw }) => raw).join('')
    return [...this.#closed, ...this.#number(this.#read(remend(rest)), true)]
  }

  #begin(): void {
    this.#generation += 1
    this.#closedTo = 0
    this.#closed = []
  }

  #close(tokens: readonly Token[]): void {
    this.#closed = [...this.#closed, ...this.#number(tokens, false)]
    this.#closedTo += tokens.reduce((length, { raw }) => length + raw.length, 0)
  }

  #number(tokens: readonly Token[], isOpen: boolean): Block[] {
    return tokens.map((token, index) => ({
      key: `${this.#generation}.${this.#closed.length + index}`,
      token,
      isOpen,
    }))
  }

  #read(text: string): TokensList {
    this.read += text.length
    return readMarkdown(text)
  }
}
