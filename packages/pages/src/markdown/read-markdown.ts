import { Marked, type TokenizerAndRendererExtension, type TokensList } from 'marked'

/** A formula in TeX: `\(…\)` and `$…$` within a line, `\[…\]` and `$$…$$` on lines of their own. */
export interface MathToken {
  readonly type: 'math'
  readonly raw: string
  readonly tex: string
  readonly isBlock: boolean
}

/** Two marks, or a bracket, with anything but an empty line between. */
const block = /^ {0,3}(?:\$\$((?:(?!\n\s*\n)[^])+?)\$\$|\\\[((?:(?!\n\s*\n)[^])+?)\\\])[ \t]*(?:\n+|$)/
/** As prices have them too, single marks count only close to their content, and not before a digit. */
const inline =
  /^(?:\$\$([^\n]+?)\$\$|\\\[([^\n]+?)\\\]|\\\(([^\n]+?)\\\)|\$((?:[^\s$\\]|\\[^\n])(?:(?:[^$\\\n]|\\[^\n])*?(?:[^\s$\\]|\\[^\n]))?)\$(?!\d))/

const readMath =
  (pattern: RegExp, isBlock: boolean) =>
  (source: string): MathToken | undefined => {
    const found = pattern.exec(source)
    const tex = found?.slice(1).find((part) => part !== undefined)
    return found && tex !== undefined ? { type: 'math', raw: found[0], tex: tex.trim(), isBlock } : undefined
  }

const extensions: TokenizerAndRendererExtension[] = [
  {
    name: 'math',
    level: 'block',
    start: (source) => source.search(/^ {0,3}(?:\$\$|\\\[)/m),
    tokenizer: readMath(block, true),
  },
  {
    name: 'math',
    level: 'inline',
    start: (source) => source.search(/\$|\\[[(]/),
    tokenizer: readMath(inline, false),
  },
]

const marked = new Marked({ extensions })

/** The blocks of a text in markdown. */
export const readMarkdown = (text: string): TokensList => marked.lexer(text)
