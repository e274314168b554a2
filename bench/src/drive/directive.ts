/** What the model of the benchmarks does for one question. */
export interface Directive {
  readonly tokens: number
  /** Milliseconds between two tokens. */
  readonly paceMs: number
  /** Names the question, where its arrival is asked for. */
  readonly id: string | undefined
}

/** The text of a question that asks for this. */
export const writeDirective = ({
  tokens,
  paceMs,
  id = '',
}: Partial<Directive> & Pick<Directive, 'tokens' | 'paceMs'>): string =>
  `bench tokens=${tokens} pace=${paceMs} id=${id} end`

/** The last directive in the body of a request; throws where there is none. */
export function directiveOf(body: string): Directive {
  const found = /bench tokens=(\d+) pace=([\d.]+) id=(\S*) end/.exec(
    body.slice(body.lastIndexOf('bench tokens=')),
  )
  if (!found) throw new Error('the question has no directive')
  const [, tokens, pace, id] = found
  return { tokens: Number(tokens), paceMs: Number(pace), id: id === '' ? undefined : id }
}
