import { join } from 'node:path'
import type { Run } from './describe-run.ts'
import { quoteForShell } from './quote-for-shell.ts'

/** A command to paste into a shell: logs in, says hello and prints every frame until the reply is done. */
export function formatTryIt({ url, users }: Run, { root }: { root: string }): string[] {
  const user = users.find(({ username }) => username === 'developer')
  if (user === undefined) return []
  const node = quoteForShell(join(root, 'node_modules', 'node', 'bin', 'node'))
  const credentials = JSON.stringify({ username: user.username, password: user.password })
  return [
    'Try it (paste into a shell):',
    '',
    `${node} --input-type=module -e '`,
    `const login = await fetch("${url}/auth/login", { method: "POST",`,
    `  headers: { "content-type": "application/json" }, body: JSON.stringify(${credentials}) })`,
    'const { access_token } = await login.json()',
    `const socket = new WebSocket("${url.replace('http', 'ws')}/ws/chat",`,
    '  { headers: { authorization: `Bearer ${access_token}` } })',
    'socket.onopen = () => socket.send(JSON.stringify({ type: "message", text: "Hello, who are you?" }))',
    'socket.onmessage = ({ data }) => { console.log(data); if (JSON.parse(data).type === "done") socket.close() }',
    "'",
    '',
  ]
}
