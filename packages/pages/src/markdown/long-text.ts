/** Characters that may still be laid out again with each word; above, lines are settled. */
const mostOpen = 3000
/** Characters at the end that are not settled. */
const openEnd = 600
/** After the end, when whatever else it brings has been drawn, in milliseconds. */
const joinAfterMs = 500

/**
 * The text of an element that grows. A browser lays out a paragraph as a whole, so each word of a long one would take as
 * long as all words before it. Lines that are full break where they do whatever follows: once there are many they are put
 * into a block of their own, which looks the same and is laid out once. At the end, or in another width, it is one text again.
 */
export class LongText {
  readonly #element: HTMLElement
  readonly #open = document.createTextNode('')
  readonly #resizes: ResizeObserver
  #text = ''
  #width = 0
  #joining: ReturnType<typeof setTimeout> | undefined

  constructor(element: HTMLElement) {
    this.#element = element
    element.replaceChildren(this.#open)
    this.#resizes = new ResizeObserver(() => this.#joinWhereWidthDiffers())
  }

  /** Shows a text that goes on where the last one ended, or another one. */
  grow(text: string): void {
    if (text.startsWith(this.#text)) this.#open.appendData(text.slice(this.#text.length))
    else this.#join(text)
    this.#text = text
    if (this.#open.length > mostOpen && !this.#isSelected && this.#beginsLine()) this.#settle()
  }

  /** Shows the whole text, to which nothing is added. */
  end(text: string): void {
    this.grow(text)
    this.#joinLater()
  }

  close(): void {
    clearTimeout(this.#joining)
    this.#resizes.disconnect()
  }

  get #isSelected(): boolean {
    const selection = document.getSelection()
    return selection !== null && !selection.isCollapsed && selection.containsNode(this.#element, true)
  }

  get #isSettled(): boolean {
    return this.#element.firstChild !== this.#open
  }

  /** Not under the hand of a reader who selects. */
  #joinLater(): void {
    clearTimeout(this.#joining)
    this.#joining = setTimeout(() => {
      if (this.#isSelected) this.#joinLater()
      else this.#join(this.#text)
    }, joinAfterMs)
  }

  #join(text: string): void {
    if (this.#open.data !== text) this.#open.data = text
    if (this.#isSettled) this.#element.replaceChildren(this.#open)
  }

  /** Only what begins a block has its lines for itself. */
  #beginsLine(): boolean {
    const { parentElement, previousSibling } = this.#element
    return (
      previousSibling === null &&
      parentElement !== null &&
      getComputedStyle(parentElement).display !== 'inline'
    )
  }

  #joinWhereWidthDiffers(): void {
    if (this.#isSettled && this.#measureWidth() !== this.#width) this.#join(this.#text)
  }

  #settle(): void {
    this.#joinWhereWidthDiffers()
    const end = this.#findLineStart(this.#open.length - openEnd)
    if (end === 0) return
    const lines = document.createElement('span')
    lines.className = 'settled-lines'
    lines.textContent = this.#open.data.slice(0, end)
    this.#element.insertBefore(lines, this.#open)
    this.#open.deleteData(0, end)
    this.#width = this.#measureWidth()
    this.#resizes.observe(lines)
  }

  /** Where the line begins that has the character at `offset`. */
  #findLineStart(offset: number): number {
    const top = this.#topOf(offset)
    let [before, inside] = [0, offset]
    while (inside - before > 1) {
      const middle = Math.floor((before + inside) / 2)
      if (this.#topOf(middle) < top) before = middle
      else inside = middle
    }
    return this.#topOf(before) < top ? inside : before
  }

  #topOf(offset: number): number {
    const range = document.createRange()
    range.setStart(this.#open, offset)
    range.setEnd(this.#open, offset + 1)
    return range.getBoundingClientRect().top
  }

  #measureWidth(): number {
    return this.#element.parentElement?.clientWidth ?? 0
  }
}
