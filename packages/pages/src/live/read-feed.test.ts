import { expect, test } from 'vitest'
import { readFeed } from './read-feed.ts'

const stream = (...pieces: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })

test('events in any pieces; comments are left out', async () => {
  const read = await Array.fromAsync(
    readFeed(
      stream(
        ': following\n\nevent: flow\nda',
        'ta: {"a":1}\n',
        '\n: \n\ndata: x\ndata: y\n\ndata: unfinished',
      ),
    ),
  )
  expect(read).toEqual(['{"a":1}', 'x\ny'])
})
