import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser } from '@omni2/testkit/open-browser'
import { openStack, type Stack } from '@omni2/testkit/open-stack'
import { Client } from 'pg'
import type { BrowserContextOptions, Page } from 'playwright-core'

/** The whole product with a browser; `env`: settings of `npm start`. */
export async function openPages(env: Readonly<Record<string, string>> = {}) {
  await using opening = new AsyncDisposableStack()
  const dataFolder = await mkdtemp(join(tmpdir(), 'omni2-pages-'))
  opening.defer(() => rm(dataFolder, { recursive: true, force: true }))
  const browser = await openBrowser()
  opening.defer(() => browser.close())
  const stack = opening.use(await openStack({ dataFolder, env, edges: 1, workers: 2, recorders: 1 }))
  const { url } = stack.line
  /** A page in a browser profile of its own; what the browser complains of is kept. */
  const openPage = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    return { page, context, complaints: keepComplaints(page) }
  }
  const signIn = async (page: Page, username: string, path = '/') => {
    await page.goto(`${url}${path}`)
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password').fill(passwordOf(stack, username))
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  /** A page of a demo user, signed in. */
  const openAs = async (username: string, path = '/') => {
    const opened = await openPage()
    await signIn(opened.page, username, path)
    await opened.page.getByRole('button', { name: 'Sign out' }).waitFor()
    return opened
  }
  const database = new Client({ connectionString: stack.line.databaseUrl })
  await database.connect()
  opening.defer(() => database.end())
  const query = (text: string, values: readonly unknown[]) => database.query(text, [...values])
  const resources = opening.move()
  return {
    url,
    stack,
    openPage,
    openAs,
    signIn,
    query,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

export function passwordOf({ line }: Pick<Stack, 'line'>, username: string): string {
  const user = line.users.find((each) => each.username === username)
  if (!user) throw new Error(`there is no demo user ${username}`)
  return user.password
}

/** Errors of scripts, and what the content security policy has blocked. */
function keepComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|Trusted Type/i.test(message.text()))
      complaints.push(message.text())
  })
  return complaints
}
