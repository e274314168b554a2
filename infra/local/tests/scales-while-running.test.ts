import { expect, test } from 'vitest'
import { logIn } from './chat-with-stack.ts'
import { type Conversation, openConversation } from './open-conversation.ts'
import { finishCommand, makeTestFolder } from './run-command.ts'
import { startStack } from './started-stack.ts'

test(
  'scale - more and fewer of each, while a user chats - takes new edges into use and loses no turn',
  { timeout: 300_000 },
  async () => {
    await using folder = await makeTestFolder()
    await using stack = await startStack(folder.path, ['--edges', '1', '--workers', '1'])
    const { line } = stack
    const scale = (...args: string[]) => finishCommand(['scale', '--data', folder.path, ...args])
    const { token } = await logIn(line, 'developer')
    const edgeOfNext = async () => {
      using conversation = await openConversation(line, token)
      return conversation.welcome['edge']
    }
    const stays = await openConversation(line, token)
    expect(stays.welcome['edge']).toBe('ws-edge-1')

    const more = await scale('--edges', '3', '--workers', '2', '--recorders', '2')
    expect(more).toMatchObject({ code: 0, stdout: 'edges 3, workers 2, recorders 2\n' })
    const goes = await reachEdge('ws-edge-3', () => openConversation(line, token))
    const answer = stays.say('Hello [[sim tokens=100 pace=50]]')
    const fewer = await scale('--edges', '1', '--workers', '1')
    expect(fewer).toMatchObject({ code: 0, stdout: 'edges 1, workers 1, recorders 2\n' })
    expect((await answer).end.type).toBe('done')
    expect(await goes.closed).toMatchObject({ code: 1012 })
    expect(new Set(await Promise.all([edgeOfNext(), edgeOfNext(), edgeOfNext()]))).toEqual(
      new Set(['ws-edge-1']),
    )
    expect((await stays.say('Still there?')).end.type).toBe('done')
    expect((await scale()).stdout).toBe('edges 1, workers 1, recorders 2\n')
    stays[Symbol.dispose]()
  },
)

test('scale - nothing runs, or a number that cannot be - says so', async () => {
  await using folder = await makeTestFolder()
  const idle = await finishCommand(['scale', '--data', folder.path, '--workers', '2'])
  expect(idle).toMatchObject({
    code: 1,
    stderr: `npm run scale: nothing runs on ${folder.path}; npm start begins it\n`,
  })
  const none = await finishCommand(['scale', '--data', folder.path, '--workers', '0'])
  expect(none).toMatchObject({
    code: 2,
    stderr: 'npm run scale: --workers 0: must be a whole number from 1 to 64\n',
  })
})

/** New connections go to the edges in turn. */
async function reachEdge(name: string, open: () => Promise<Conversation>): Promise<Conversation> {
  for (;;) {
    const conversation = await open()
    if (conversation.welcome['edge'] === name) return conversation
    conversation[Symbol.dispose]()
  }
}
