/** Parts text into lines by the rules of event streams: each ends with CR, LF or both. */
export class LineSplitter {
  #pending: string[] = []
  #endedWithCr = false

  /** The lines that this piece ends, and what it begins: the rest of a line that is still open. */
  add(piece: string): string[] {
    const text = this.#endedWithCr && piece.startsWith('\n') ? piece.slice(1) : piece
    this.#endedWithCr = piece.endsWith('\r')
    const [first = '', ...others] = text.split(/\r\n|\n|\r/)
    this.#pending.push(first)
    if (others.length === 0) return []
    const rest = others.pop() ?? ''
    const lines = [this.#pending.join(''), ...others]
    this.#pending = [rest]
    return lines
  }
}
