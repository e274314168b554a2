/**
 * Loaded before a service (`clockJumpEnv`). At SIGUSR2 its time of day is an hour ahead, as if an operator had set the
 * clock; at the next SIGUSR2 it is right again. Timers and the monotonic clock do not notice, as under Linux.
 */
const jumpMs = 3_600_000
const { now } = Date
let isAhead = false

process.on('SIGUSR2', () => {
  isAhead = !isAhead
  process.stdout.write(`clock is ${isAhead ? 'an hour ahead' : 'right again'}\n`)
})

const currentTime = () => now() + (isAhead ? jumpMs : 0)

Date.now = currentTime
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [currentTime()] : args, newTarget),
})
