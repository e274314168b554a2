import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Watchdog } from '../src/watchdog/watchdog.ts'

/** What a process of the tests does: stand still, work hard in pieces, or end. */
const [task = '', note = ''] = process.argv.slice(2)

await using watchdog = new Watchdog({
  service: { name: 'test', instance: 'test-1', level: 'info' },
  stallMs: 1000,
  report: { module: new URL('print-report.ts', import.meta.url), data: { about: 'data' } },
})
const asked = once(process, 'SIGTERM')
process.stdout.write('watched\n')
await sleep(50)
watchdog.note(note)
if (task === 'stand-still') for (;;);
if (task === 'work') {
  for (let pieces = 0; pieces < 12; pieces += 1) {
    for (const until = performance.now() + 300; performance.now() < until;);
    await sleep(0)
  }
}
if (task === 'wait') {
  const busy = setInterval(() => {}, 1000)
  await asked
  clearInterval(busy)
}
