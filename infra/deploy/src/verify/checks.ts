import assert from 'node:assert/strict'
import { askOverSse } from './ask-over-sse.ts'
import { followTurn } from './follow-turn.ts'
import { type Login, openChat } from './open-chat.ts'

/** What `infra/verify.sh` asks of a deployment through its front door; each throws where it does not hold. */
export const checks: Readonly<Record<string, (login: Login) => Promise<void>>> = {
  /** One turn over the socket. */
  socket: async (login) => {
    const { ends } = await followTurn('Hello over the socket!', login)
    assert.deepEqual(ends, ['done'])
  },

  /** One turn over server-sent events. */
  sse: async (login) => {
    const events = await askOverSse('Hello over SSE!', login)
    assert.equal(events[0], 'accepted')
    assert.ok(events.includes('token'), `no token among ${events.join()}`)
    assert.equal(events.at(-1), 'done')
  },

  /** A client cannot set its own identity, under any name of the header. */
  identity: async ({ url }) => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${url}/ask/stream`, { method: 'POST', headers, body: '{"message":"Hello!"}' })).status
    assert.equal(await ask({}), 401)
    assert.equal(await ask({ 'x-user-id': '1', 'x-user-role': 'admin', 'x-omni2-identity': 'x' }), 401)
    assert.equal(await ask({ x_user_id: '1' }), 400)
    assert.equal(await ask({ 'x.user.id': '1' }), 400)
  },

  /** Connections of one client reach more than one edge. */
  spread: async (login) => {
    const edges = new Set<string>()
    for (let opened = 0; edges.size < 2 && opened < 30; opened++) {
      using chat = await openChat(login)
      const welcome = await chat.next()
      edges.add(welcome?.edge ?? '')
    }
    assert.ok(edges.size >= 2, 'thirty connections reached one edge')
  },

  /** Turns that stream while processes are killed end once each, as `done`. Prints `streaming` when all of them stream. */
  survives: async (login) => {
    const count = 8
    let streaming = 0
    const follow = async () => {
      let hasStarted = false
      const onText = () => {
        if (hasStarted) return
        hasStarted = true
        streaming += 1
        if (streaming === count) console.log('streaming')
      }
      return followTurn('Write a long story [[sim tokens=400 pace=50]]', login, { onText })
    }
    const turns = await Promise.all(Array.from({ length: count }, follow))
    for (const { turnId, ends } of turns) assert.deepEqual(ends, ['done'], turnId)
    const moved = turns.filter(({ edges }) => edges.length > 1).length
    console.log(`${turns.length} turns ended once; ${moved} went on over another connection`)
    for (const { turnId } of turns) console.log(`turn ${turnId}`)
  },
}
