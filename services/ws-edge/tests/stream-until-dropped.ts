import type { Attempt } from './scripted-worker.ts'
import type { TestEdge } from './start-edge.ts'

const piece = '0123456789abcdef'.repeat(64)

/** Streams until the edge has given a reader up, however much the kernel's buffers take. */
export async function streamUntilDropped(
  { service, worker }: Pick<TestEdge, 'service' | 'worker'>,
  attempt: Attempt,
): Promise<void> {
  const countDrops = () => service.log.lines().filter((line) => line.includes('reader is too slow')).length
  const before = countDrops()
  while (countDrops() === before) {
    for (let sent = 0; sent < 500; sent += 1) attempt.say(piece)
    await worker.bus.flush()
  }
}
