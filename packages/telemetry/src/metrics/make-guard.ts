/**
 * Makes a way to count that never throws: what is counted goes on even when its number cannot be. The first fault is
 * printed as a warning of the process.
 */
export function makeGuard(name: string): (record: () => void) => void {
  let hasWarned = false
  return (record) => {
    try {
      record()
    } catch {
      if (!hasWarned) process.emitWarning(`${name} was given what cannot be counted`, 'MetricWarning')
      hasWarned = true
    }
  }
}
