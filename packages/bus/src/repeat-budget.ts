/** What each question saves up of another one. */
const share = 0.5
/** Questions that may be asked again at once, after quiet times. */
const most = 100

/**
 * How many questions may be asked again. Questions save it up: a group that is late because it has too much to do gets
 * at most half as many again, while a single frozen member is passed by.
 */
export class RepeatBudget {
  #saved = most

  /** Saves up for a question that is asked for the first time. */
  save(): void {
    this.#saved = Math.min(most, this.#saved + share)
  }

  /** Whether a question may be asked again now; then it is taken from what is saved. */
  spend(): boolean {
    if (this.#saved < 1) return false
    this.#saved -= 1
    return true
  }
}
