import { expect, test } from 'vitest'
import { KnownWorkers } from './known-workers.ts'

const own = { worker: 'worker-1', process: 'a' }
const other = { worker: 'worker-2', process: 'b' }

/** Both announce themselves every 500 ms until `until`; the other one stops at `lastHeard`. */
function listen({ until, lastHeard, outage = [] }: { until: number; lastHeard: number; outage?: number[] }) {
  const workers = new KnownWorkers(own.process)
  const [from = Infinity, to = Infinity] = outage
  for (let now = 500; now <= until; now += 500) {
    if (now >= from && now < to) continue
    workers.hear(own, now)
    if (now <= lastHeard) workers.hear(other, now)
  }
  return workers
}

test('a worker that announces itself is not silent', () => {
  expect(listen({ until: 5000, lastHeard: 5000 }).silent(5200)).toEqual([])
})

test('a worker that misses two announcements is silent, until it is forgotten', () => {
  const workers = listen({ until: 6500, lastHeard: 5000 })
  expect(workers.silent(6100)).toEqual([])
  expect(workers.silent(6500)).toEqual(['worker-2'])
  workers.forget('worker-2', 6500)
  expect(workers.silent(6500)).toEqual([])
})

test('a worker that had turns before this one started is silent if it does not announce itself', () => {
  const workers = new KnownWorkers(own.process)
  workers.suspect('worker-0', 0)
  workers.hear(own, 1500)
  expect(workers.silent(1500)).toEqual(['worker-0'])
})

test('a new process with the name of a silent one does not hide it', () => {
  const workers = listen({ until: 6500, lastHeard: 5000 })
  workers.hear({ ...other, process: 'c' }, 6500)
  expect(workers.silent(6500)).toEqual(['worker-2'])
  workers.forget('worker-2', 6500)
  expect(workers.silent(8000)).toEqual([])
})

test('a worker that does not hear itself finds no other one silent', () => {
  expect(listen({ until: 5000, lastHeard: 3000 }).silent(6300)).toEqual([])
})

test('after an outage others get time to come back', () => {
  const workers = listen({ until: 12_500, lastHeard: 5000, outage: [5500, 9500] })
  expect(workers.silent(9600)).toEqual([])
  expect(workers.silent(12_400)).toEqual([])
  expect(workers.silent(12_500)).toEqual(['worker-2'])
})
