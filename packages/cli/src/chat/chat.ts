import { createInterface } from 'node:readline'
import { styleText } from 'node:util'
import type { Environment } from '@omni2/service-kit'
import { OperatorError } from '../operator-error.ts'
import type { Folders } from '../options/choose-data-folder.ts'
import { makePrintable } from '../output/make-printable.ts'
import { findCredentials } from './find-credentials.ts'
import { Interrupts } from './interrupts.ts'
import { keepLogin } from './keep-login.ts'
import { openTalk, type Talk } from './open-talk.ts'
import { printReply, type Screen } from './print-reply.ts'
import { chatUsage, readChatOptions, type ChatOptions } from './read-chat-options.ts'
import { Terminal } from './terminal.ts'

/** After Ctrl-C, as shells count. */
const interruptedCode = 130

/** `npm run chat`: resolves to the exit code once the person leaves, or stdin ends. */
export async function chat(
  args: readonly string[],
  deps: { folders: Folders; env: Environment },
): Promise<number> {
  const options = readChatOptions(args, deps)
  if (options === 'help') {
    process.stdout.write(chatUsage)
    return 0
  }
  return process.stdin.isTTY && process.stdout.isTTY ? chatWithPerson(options) : answerLines(options)
}

async function chatWithPerson(options: ChatOptions): Promise<number> {
  const interrupts = new Interrupts()
  using terminal = new Terminal({
    input: process.stdin,
    output: process.stdout,
    onInterrupt: () => interrupts.press(),
    onEnd: () => interrupts.leave(),
  })
  interrupts.leaving.addEventListener('abort', () => terminal[Symbol.dispose]())
  const screen = openScreen((line) => process.stdout.write(`${styleText('dim', line)}\n`))
  const askPassword = async (prompt: string) => {
    const password = await terminal.readSecret(prompt)
    if (password === undefined)
      throw new OperatorError('no password was given', { exitCode: interruptedCode })
    return password
  }
  await using talk = await openOptions(options, { screen, askPassword })
  screen.note(`${talk.greeting}\nCtrl-C cancels a reply, Ctrl-D leaves.`)
  while (!interrupts.leaving.aborted) {
    const text = (await terminal.readLine('\nyou> ')) ?? ''
    if (text.trim() !== '') await answer(text, { talk, screen, interrupts })
  }
  process.stdout.write('\n')
  return 0
}

/** Every line of stdin is a message; the first failure ends it. */
async function answerLines(options: ChatOptions): Promise<number> {
  const interrupts = new Interrupts()
  const screen = openScreen((line) => process.stderr.write(`${line}\n`))
  await using talk = await openOptions(options, { screen, askPassword: undefined })
  // Before this Ctrl-C ends the process as usual.
  const press = () => interrupts.pressOnce()
  process.on('SIGINT', press)
  try {
    for await (const line of createInterface({ input: process.stdin, signal: interrupts.leaving })) {
      if (line.trim() === '') continue
      const isAnswered = await answer(line, { talk, screen, interrupts })
      if (interrupts.wasPressed) return interruptedCode
      if (!isAnswered) return 1
    }
    return interrupts.wasPressed ? interruptedCode : 0
  } finally {
    process.off('SIGINT', press)
    // The writer of stdin may still be there and would keep this process alive.
    process.stdin.destroy()
  }
}

/** A screen that text from outside cannot control: text of models, tools and operators is made printable here. */
const openScreen = (writeNote: (line: string) => void): Screen => ({
  text: (text) => void process.stdout.write(makePrintable(text)),
  note: (line) => writeNote(makePrintable(line)),
})

interface OpenDeps {
  readonly screen: Screen
  readonly askPassword: ((prompt: string) => Promise<string>) | undefined
}

async function openOptions(options: ChatOptions, { screen, askPassword }: OpenDeps): Promise<Talk> {
  const credentials = await findCredentials(options, { askPassword })
  const token = await keepLogin(credentials)
  return openTalk(options, { url: credentials.url, token, screen })
}

interface AnswerDeps {
  readonly talk: Talk
  readonly screen: Screen
  readonly interrupts: Interrupts
}

async function answer(text: string, { talk, screen, interrupts }: AnswerDeps): Promise<boolean> {
  const reply = talk.send(text)
  using _running = interrupts.during(() => reply.cancel())
  const left = new Promise<boolean>((resolve) => {
    interrupts.leaving.addEventListener('abort', () => resolve(false), { once: true })
  })
  // Awaited here: a running reply can be cancelled until it ends.
  return await Promise.race([printReply(reply, screen), left])
}
