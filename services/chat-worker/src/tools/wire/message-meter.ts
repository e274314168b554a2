/** A message is longer, deeper or of more parts than it may be; nothing of it was parsed. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError'
}

/** Brackets, commas and colons of a message at most: what takes a parser time and memory, whatever its bytes. */
const mostParts = 100_000
/** Levels of objects and lists: a tool whose schema is too deep is left out alone, so a list may hold one. */
const deepest = 2000

const quote = 0x22
const backslash = 0x5c
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d
const isBetween = (code: number): boolean => code === 0x2c || code === 0x3a

/** Measures one JSON text while it arrives, and throws MessageTooLargeError before it is parsed. */
export class MessageMeter {
  readonly #maxLength: number
  #length = 0
  #parts = 0
  #depth = 0
  #isInText = false
  #isEscaped = false

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  add(piece: string): void {
    this.#length += piece.length
    if (this.#length > this.#maxLength) throw new MessageTooLargeError()
    for (let at = 0; at < piece.length; at += 1) this.#step(piece.charCodeAt(at))
    if (this.#parts > mostParts || this.#depth > deepest) throw new MessageTooLargeError()
  }

  #step(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (code === quote) this.#isInText = !this.#isInText
    else if (this.#isInText) this.#isEscaped = code === backslash
    else if (isOpening(code)) this.#open()
    else if (isClosing(code)) this.#depth -= 1
    else if (isBetween(code)) this.#parts += 1
  }

  #open(): void {
    this.#parts += 1
    this.#depth += 1
    if (this.#depth > deepest) throw new MessageTooLargeError()
  }
}
