import { expect, test } from 'vitest'
import { connect } from '../src/index.ts'
import { openChat } from './open-chat.ts'
import { openScriptedServer } from './scripted-server.ts'

const refusal = {
  code: 'unsupported_protocol',
  message:
    'The server speaks version 2 of the protocol, this client 1: install the client that belongs to the server.',
}

test('the version that the server speaks is shown; a server without one speaks the first', async () => {
  await using open = await openChat()
  expect(open.chat.protocol).toBe(1)
  await using older = await openScriptedServer()
  const opening = connect({ url: older.url, token: 't' })
  ;(await older.nextSocket()).welcome({ protocol: undefined })
  await using chat = await opening
  expect(chat.protocol).toBe(1)
})

test('a server of a later version is left at its welcome, whatever else that says', async () => {
  await using server = await openScriptedServer()
  const opening = connect({ url: server.url, token: 't' })
  const socket = await server.nextSocket()
  socket.send({ type: 'welcome', protocol: 2, conversation: { of: 'another shape' } })
  await expect(opening).rejects.toMatchObject(refusal)
  expect(await socket.closed).toBe(1000)
})

test('a server that was upgraded meanwhile ends the chat and its replies with the reason', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello')
  await open.socket.next()
  open.socket.goodbye(1012)
  ;(await open.server.nextSocket()).welcome({ protocol: 2 })
  await expect(reply.result()).rejects.toMatchObject(refusal)
  await expect(open.chat.send('Again').result()).rejects.toMatchObject(refusal)
})
