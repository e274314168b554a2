import type { Sample } from '../report/results.ts'

export interface PartDeps {
  /** Fewer settings and rounds, for a first look. */
  readonly quick: boolean
  /** Rounds of each setting; undefined: the part's own number. */
  readonly rounds: number | undefined
  /** A folder of its own, removed afterwards. */
  readonly folder: string
  readonly say: (line: string) => void
  /** Keeps a text beside the report, under a name of its own. */
  readonly keep: (name: string, text: string) => Promise<void>
  readonly add: (sample: Omit<Sample, 'part'>) => void
}

/** One thing that is measured. */
export interface Part {
  /** One line for `--help`. */
  readonly summary: string
  /** About how long it takes, in minutes. */
  readonly minutes: number
  measure(deps: PartDeps): Promise<void>
}
