import temml from 'temml'

/** Longest formula, in characters, and most macros that it may use: a model's text may be hostile. */
const longest = 5000
const maxExpand = 500
/** Most that a formula may ask for as a size, in em. */
const maxSize: [number, number] = [20, 20]

/** Draws a formula as MathML; what cannot be read stays as it was written. Nothing in it loads or links to anything. */
export function drawFormula(tex: string, into: HTMLElement, isBlock: boolean): void {
  const options = { displayMode: isBlock, throwOnError: true, trust: false, maxExpand, maxSize }
  try {
    if (tex.length > longest) throw new RangeError('a formula that long is not drawn')
    temml.render(tex, into, options)
  } catch {
    into.textContent = tex
  }
}
