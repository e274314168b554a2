// Shows: the same with packages/client, which reconnects, resumes and refreshes the login by itself: two messages of
//        one conversation, pieces as they come, the bill of each, and an error by its code.
// Needs: `npm start` in another shell, which prints the developer's password.
// Run:   OMNI2_PASSWORD=… node_modules/.bin/node examples/03-client.ts

import { ChatError, connect, logIn } from '@omni2/client'

const { OMNI2_URL: url = 'http://127.0.0.1:8080', OMNI2_USER: username = 'developer' } = process.env
const { OMNI2_PASSWORD: password = '' } = process.env

const login = await logIn({ url, username, password })
await using chat = await connect({ url, token: login.token })
console.log(chat.welcome.text)

for (const text of ['Hello!', 'What did I say before?']) {
  console.log(`\n> ${text}`)
  const reply = chat.send(text)
  try {
    for await (const piece of reply) process.stdout.write(piece)
    const { tokens_input, tokens_output, cost_usd } = await reply.result()
    console.log(`\n(${tokens_input} tokens in, ${tokens_output} out, $${cost_usd})`)
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    console.error(`${error.code}: ${error.message}`)
    process.exitCode = 1
  }
}
