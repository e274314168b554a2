/** A series that a PromQL expression asks for, with what its labels must be. */
export interface AskedSeries {
  readonly name: string
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[]
}

/** Labels that Prometheus adds: not ours to declare. */
export const targetLabels: ReadonlySet<string> = new Set(['job', 'service', 'instance'])

/** The series of an expression: words with a metric's prefix, and `up`. */
export function readQuery(expression: string): readonly AskedSeries[] {
  const asked = expression.matchAll(/\b((?:omni2|nodejs|process|traefik)_\w+|up)\b(?:\{([^}]*)\})?/g)
  return [...asked].map(([, name = '', matchers = '']) => ({ name, matchers: readMatchers(matchers) }))
}

/** The labels an expression groups by. */
export function readGrouping(expression: string): readonly string[] {
  const groups = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(','))
  return groups.map((label) => label.trim())
}

function readMatchers(text: string): AskedSeries['matchers'] {
  const matchers = text.matchAll(/(\w+)=(~?)"([^"]*)"/g)
  return [...matchers].map(([, label = '', sign, value = '']) => ({
    label,
    values: sign === '~' ? value.split('|') : [value],
  }))
}
