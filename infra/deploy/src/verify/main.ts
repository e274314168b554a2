import { checks } from './checks.ts'
import { logIn } from './open-chat.ts'

// Runs in a container of any image of this project, with Node alone: it imports no package.
const { OMNI2_URL = '', OMNI2_USER = '', OMNI2_PASSWORD = '' } = process.env
const name = process.argv[2] ?? ''
const deadlineMs = 180_000

try {
  const check = checks[name]
  if (check === undefined) throw new Error(`no check ${name}; there are ${Object.keys(checks).join(', ')}`)
  setTimeout(() => {
    console.error(`${name}: not done after ${deadlineMs / 1000} s`)
    process.exit(1)
  }, deadlineMs).unref()
  await check(await logIn(OMNI2_URL, OMNI2_USER, OMNI2_PASSWORD))
} catch (error) {
  console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
