import { expect, test } from 'vitest'
import { clockJumpEnv } from '@omni2/testkit'
import { startEdge } from './start-edge.ts'

test('connections and their turns go on while the clock of the edge is an hour ahead; new ones wait for it', async () => {
  await using edge = await startEdge({ env: clockJumpEnv })
  using chat = await edge.connect({ assertion: { sessionExp: Math.floor(Date.now() / 1000) + 600 } })
  await chat.next('welcome')
  chat.say('a long turn')
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  attempt.say('before ')
  await chat.next('token')

  edge.service.kill('SIGUSR2')
  await edge.service.log.waitFor(/clock is an hour ahead/)
  await expect(edge.connect()).rejects.toThrow('Unexpected server response: 401')
  await edge.service.log.waitFor(/identity refused: the clock here differs from that of auth/)
  attempt.say('after')
  await chat.next('token')
  attempt.finish()
  expect(await chat.next('done')).toMatchObject({ result: { answer: 'before after' } })
  chat.say('the next one')
  const next = await edge.worker.takeTurn()
  await chat.next('accepted')
  next.finish()
  await chat.next('done')

  edge.service.kill('SIGUSR2')
  await edge.service.log.waitFor(/clock is right again/)
  using again = await edge.connect()
  await again.next('welcome')
})
