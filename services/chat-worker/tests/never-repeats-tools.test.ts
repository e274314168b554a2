import { describe, test } from 'vitest'
import { cancelReplySchema, subjects, type TurnMessage } from '@omni2/contracts'
import { openNotesWorld, type NotesWorld } from './notes-world.ts'
import { userId } from './worker-world.ts'

const waiting = 'Wait [[sim tool=notes__wait]]'
/** Longer than the queue takes to give a dead worker's turn to another one. */
const takeover = { timeout: 40_000, interval: 200 }

/** Sends a turn and resolves when its call has reached the tool's server. */
async function sendIntoCall(world: NotesWorld, text = waiting) {
  const turn = world.makeTurn(text)
  const followed = await world.send(turn)
  await world.notes.heard(({ method }) => method === 'tools/call')
  return { turn, ...followed }
}

async function findRow({ session_id }: TurnMessage, world: NotesWorld) {
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [session_id])
  return row
}

describe.concurrent('chat-worker', () => {
  test('a worker dies in a call that must not be made again - the turn ends with what is known', async ({
    expect,
  }) => {
    await using world = await openNotesWorld()
    const env = { TURN_ATTEMPTS: '1' }
    const first = await world.startWithTools(env)
    const { turn, frames, ended } = await sendIntoCall(world)
    first.kill('SIGKILL')
    await world.startWithTools(env)
    const end = await ended
    if (end.type !== 'error') throw new Error(`ended with ${end.type}`)
    const said = frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')
    expect(end).toMatchObject({ code: 'interrupted', attempt: 2 })
    expect(end.result).toMatchObject({ answer: said, tools_used: ['notes.wait'], estimated: true })
    expect(end.result?.cost_usd).toBeGreaterThan(0)
    expect(world.notes.calls('wait')).toHaveLength(1)
    expect(world.model.log.list()).toHaveLength(1)
    expect(await findRow(turn, world)).toMatchObject({ status: 'interrupted', attempt: 2, answer: said })
    await expect
      .poll(() => world.readSettlement(turn), takeover)
      .toMatchObject({
        activities: [
          { activity_type: 'user_message' },
          { activity_type: 'mcp_tool_call', activity_data: { tool: 'wait' } },
          { activity_type: 'assistant_response' },
        ],
      })
  })

  test('a worker dies in a call that may be made again - the turn begins anew', async ({ expect }) => {
    await using world = await openNotesWorld()
    const first = await world.startWithTools()
    const again = 'Read [[sim tool=notes__read_note stall@4 fail-first=1 key=read]]'
    const { heard, ended } = await world.send(world.makeTurn(again))
    await heard('token')
    first.kill('SIGKILL')
    await world.startWithTools()
    expect(await ended).toMatchObject({
      type: 'done',
      attempt: 2,
      result: { tools_used: ['notes.read_note'] },
    })
  })

  test('a worker is frozen in such a call - its late result is never told', async ({ expect }) => {
    await using world = await openNotesWorld()
    const frozen = await world.startWithTools()
    const { turn, frames, ended } = await sendIntoCall(world)
    frozen.kill('SIGSTOP')
    await world.startWithTools()
    expect(await ended).toMatchObject({ type: 'error', code: 'interrupted', attempt: 2 })
    world.notes.release()
    frozen.kill('SIGCONT')
    await (
      await world.send(world.makeTurn('Both workers are here again'))
    ).ended
    expect(frames.filter(({ type }) => type === 'tool_result')).toEqual([])
    expect(world.notes.calls('wait')).toHaveLength(1)
    expect(await findRow(turn, world)).toMatchObject({ status: 'interrupted', attempt: 2 })
  })

  test('a cancel finds its worker dead in such a call - the turn ends as cancelled, with what it cost', async ({
    expect,
  }) => {
    await using world = await openNotesWorld()
    const first = await world.startWithTools()
    const { turn, ended } = await sendIntoCall(world)
    first.kill('SIGKILL')
    await world.startWithTools()
    const request = { session_id: turn.session_id, user_id: userId, by: 'user', accepted: true } as const
    await world.edge.request(subjects.cancel, request, { reply: cancelReplySchema, timeoutMs: 20_000 })
    const end = await ended
    if (end.type !== 'cancelled') throw new Error(`ended with ${end.type}`)
    expect(end.result).toMatchObject({ stop_reason: 'cancelled', tool_calls: 1 })
    expect(end.result.cost_usd).toBeGreaterThan(0)
  })

  test('a worker is stopped in such a call - it ends the turn itself', async ({ expect }) => {
    await using world = await openNotesWorld()
    const worker = await world.startWithTools({ SHUTDOWN_DEADLINE_MS: '500' })
    const { turn, ended } = await sendIntoCall(world)
    worker.kill('SIGTERM')
    expect(await ended).toMatchObject({ type: 'error', code: 'interrupted', attempt: 1 })
    expect(await findRow(turn, world)).toMatchObject({ status: 'interrupted', attempt: 1 })
  })
})
