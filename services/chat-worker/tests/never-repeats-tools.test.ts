import { describe, test, vi } from 'vitest'
import { requests, type TurnMessage } from '@omni2/contracts'
import { openNotesWorld, type NotesWorld } from './notes-world.ts'
import { userId } from './worker-world.ts'

const waiting = 'Wait [[sim tool=notes__wait]]'
/** Longer than the queue takes to deliver the turn of a dead worker to another one. */
const takeover = { timeout: 40_000, interval: 200 }

/** Sends turns and resolves when the call of each has reached the tool's server. */
async function sendIntoCalls(world: NotesWorld, texts: readonly string[]) {
  const before = world.notes.calls('wait').length
  const sending = texts.map(async (text) => {
    const turn = world.makeTurn(text)
    return { turn, ...(await world.send(turn)) }
  })
  const sent = await Promise.all(sending)
  const haveAllReached = () => world.notes.calls('wait').length === before + texts.length
  await vi.waitUntil(haveAllReached, takeover)
  return sent
}

async function findRow({ session_id }: TurnMessage, world: NotesWorld) {
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [session_id])
  return row
}

describe.concurrent('calls that must not be made again', () => {
  test('a worker is stopped in one - it ends the turn itself', async ({ expect }) => {
    await using world = await openNotesWorld()
    const worker = await world.startWithTools({ SHUTDOWN_DEADLINE_MS: '2000' })
    const [sent] = await sendIntoCalls(world, [waiting])
    worker.kill('SIGTERM')
    expect(await sent?.ended).toMatchObject({ type: 'error', code: 'interrupted', attempt: 1 })
    expect(sent && (await findRow(sent.turn, world))).toMatchObject({ status: 'interrupted', attempt: 1 })
  })

  test('a worker dies in them - a turn ends with what is known, one that is cancelled then as cancelled', async ({
    expect,
  }) => {
    await using world = await openNotesWorld()
    // An end with the results of its tools is better than one for too many attempts.
    const env = { TURN_ATTEMPTS: '1' }
    const first = await world.startWithTools(env)
    const [known, unwanted] = await sendIntoCalls(world, [waiting, waiting])
    if (!known || !unwanted) throw new Error('not sent')
    first.kill('SIGKILL')
    await world.startWithTools(env)
    const cancelling = cancel(unwanted.turn, world)
    const end = await known.ended
    if (end.type !== 'error') throw new Error(`ended with ${end.type}`)
    const said = known.frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')
    expect(end).toMatchObject({ code: 'interrupted', attempt: 2 })
    expect(end.result).toMatchObject({ answer: said, tools_used: ['notes.wait'], estimated: true })
    expect(end.result?.cost_usd).toBeGreaterThan(0)
    expect(await findRow(known.turn, world)).toMatchObject({
      status: 'interrupted',
      attempt: 2,
      answer: said,
    })
    await expect
      .poll(() => world.readSettlement(known.turn), takeover)
      .toMatchObject({
        activities: [
          { activity_type: 'user_message' },
          { activity_type: 'mcp_tool_call', activity_data: { tool: 'wait' } },
          { activity_type: 'assistant_response' },
        ],
      })
    await cancelling
    const cancelled = await unwanted.ended
    if (cancelled.type !== 'cancelled') throw new Error(`ended with ${cancelled.type}`)
    expect(cancelled.result).toMatchObject({ stop_reason: 'cancelled', tool_calls: 1 })
    expect(cancelled.result.cost_usd).toBeGreaterThan(0)
    expect(world.notes.calls('wait')).toHaveLength(2)
    expect(world.model.log.list()).toHaveLength(2)
  })

  test('a worker is frozen in one - its late result is never published; a turn without such a call starts again', async ({
    expect,
  }) => {
    await using world = await openNotesWorld()
    const frozen = await world.startWithTools()
    const again = await world.send(
      world.makeTurn('Read [[sim tool=notes__read_note stall@4 fail-first=1 key=read]]'),
    )
    await again.heard('token')
    const [sent] = await sendIntoCalls(world, [waiting])
    if (!sent) throw new Error('not sent')
    frozen.kill('SIGSTOP')
    await world.startWithTools()
    expect(await sent.ended).toMatchObject({ type: 'error', code: 'interrupted', attempt: 2 })
    expect(await again.ended).toMatchObject({
      type: 'done',
      attempt: 2,
      result: { tools_used: ['notes.read_note'] },
    })
    world.notes.release()
    frozen.kill('SIGCONT')
    await (
      await world.send(world.makeTurn('Both workers are here again'))
    ).ended
    expect(sent.frames.filter(({ type }) => type === 'tool_result')).toEqual([])
    expect(world.notes.calls('wait')).toHaveLength(1)
    expect(await findRow(sent.turn, world)).toMatchObject({ status: 'interrupted', attempt: 2 })
  })
})

const cancel = ({ session_id }: TurnMessage, { edge }: NotesWorld) => {
  const request = { session_id, user_id: userId, by: 'user', accepted: true } as const
  return edge.request(requests.cancel, request, { timeoutMs: 20_000 })
}
