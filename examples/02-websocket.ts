// Shows: a turn over the WebSocket that Node brings along, without any package: log in, send, read frames.
// Needs: Node 22 or newer (24 to run .ts as it is); `npm start` in another shell, which prints the developer's password.
// Run:   OMNI2_PASSWORD=… node_modules/.bin/node examples/02-websocket.ts "Hello!"

const { OMNI2_URL: url = 'http://127.0.0.1:8080', OMNI2_USER: username = 'developer' } = process.env
const { OMNI2_PASSWORD: password } = process.env
const [text = 'Hello!'] = process.argv.slice(2)

const login = await fetch(`${url}/auth/login`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username, password }),
})
if (!login.ok) throw new Error(`the login was refused: ${await login.text()}`)
const { access_token } = (await login.json()) as { access_token: string }

const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/chat`, {
  headers: { authorization: `Bearer ${access_token}` },
})
/** The three rules of a reply: add a token, clear at a restart, replace at a snapshot. */
let reply = ''
socket.addEventListener('message', ({ data }) => {
  const frame = JSON.parse(String(data))
  switch (frame.type) {
    case 'welcome':
      console.log(`${frame.text} (conversation ${frame.conversation_id})`)
      // With an id of your own the same message can be sent again after a lost connection; it stays one turn.
      return socket.send(JSON.stringify({ type: 'message', text, client_msg_id: crypto.randomUUID() }))
    case 'token':
      process.stdout.write(frame.text)
      reply += frame.text
      return
    case 'restart':
      reply = ''
      return
    case 'snapshot':
      reply = frame.text
      return
    case 'done':
      console.log(`\n${reply.length} characters for $${frame.result.cost_usd}`)
      return socket.close(1000)
    case 'error':
    case 'blocked':
    case 'cancelled':
      console.error(`\n${frame.type}: ${frame.error ?? frame.message ?? 'the turn was stopped'}`)
      process.exitCode = 1
      return socket.close(1000)
  }
})
socket.addEventListener('close', ({ code, reason }) => {
  if (code === 1000) return
  console.error(`closed: ${code} ${reason}`)
  process.exitCode = 1
})
