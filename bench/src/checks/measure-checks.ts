import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { Anthropic } from '@anthropic-ai/sdk'
import { readWorkerConfig } from '@omni2/chat-worker/config'
import { openRequestCounter, type RequestCounter } from '@omni2/chat-worker/count-requests'
import { claimTurn } from '@omni2/chat-worker/claim-turn'
import { makeConversationId, makeTurnId, type TurnMessage } from '@omni2/contracts'
import type { Database } from '@omni2/db'
import { openLogger } from '@omni2/service-kit'
import { sql } from 'kysely'
import { quantile } from '../measure/quantile.ts'
import { openServers } from '../open-servers.ts'
import { seedUser, userId } from './seed-user.ts'

const warmUps = 100
const rounds = 500
/** What the checks may cost above one round trip, in milliseconds. */
const boundMs = 5

/** Measures the checks against one round trip and prints both; resolves to whether their difference keeps its bound. */
export async function measureChecks(log: (line: string) => void): Promise<boolean> {
  await using servers = await openServers(log)
  const { database, rates } = servers
  const conversationId = makeConversationId()
  await seedUser(conversationId, database)
  const requests = openRequestCounter(rates)
  const pings: number[] = []
  const checks: number[] = []
  for (let round = -warmUps; round < rounds; round += 1) {
    const pingMs = await measurePing(database)
    const checksMs = await measureClaim(conversationId, { database, requests })
    if (round < 0) continue
    pings.push(pingMs)
    checks.push(checksMs)
  }
  return report({ ping: quantile(pings, 0.5), checks: quantile(checks, 0.5), rates: rates.state })
}

async function measurePing({ db }: Database): Promise<number> {
  const begunAt = performance.now()
  await sql`select 1`.execute(db)
  return performance.now() - begunAt
}

function report({ ping, checks, rates }: { ping: number; checks: number; rates: string }): boolean {
  const added = checks - ping
  const holds = added <= boundMs
  const lines = [
    `SELECT 1           p50 ${ping.toFixed(3)} ms`,
    `all checks         p50 ${checks.toFixed(3)} ms   (${rounds} rounds, rates counted ${rates})`,
    `added              p50 ${added.toFixed(3)} ms   ${holds ? 'within' : 'ABOVE'} the bound of ${boundMs} ms`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return holds
}

/** One claim with all its checks, in milliseconds; its turn is forgotten outside the measure. */
async function measureClaim(
  conversationId: string,
  { database, requests }: { database: Database; requests: RequestCounter },
): Promise<number> {
  const turn = makeTurn(conversationId)
  const deps = { ...checkDeps, database }
  const begunAt = performance.now()
  const claim = await claimTurn(turn, requests.count(turn, false), deps)
  const tookMs = performance.now() - begunAt
  if (claim.state !== 'running') throw new Error(`a turn to be measured came to ${claim.state}`)
  await forgetTurn(turn.session_id, database)
  return tookMs
}

const config = readWorkerConfig({
  NATS_URL: 'nats://not.used',
  DATABASE_URL: 'postgres://not.used',
  ANTHROPIC_API_KEY: 'not used',
})

/** What the checks work with: far from every limit the model's API is not asked, and events are stored beside the turn. */
const checkDeps = {
  config,
  prices: { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  worker: 'bench',
  client: new Anthropic({ apiKey: 'not used' }),
  bus: { publish: () => {}, publishDurably: async () => ({ duplicate: false, seq: 1 }) },
  toolbox: { known: () => [] },
  watchdog: { note: () => {} },
  log: openLogger({ name: 'bench', instance: 'bench', level: 'silent' }),
}

const makeTurn = (conversationId: string): TurnMessage => ({
  session_id: makeTurnId({ userId, conversationId }),
  conversation_id: conversationId,
  identity: {
    user_id: userId,
    username: 'ada',
    role: 'developer',
    sid: randomUUID(),
    session_exp: Math.floor(Date.now() / 1000) + 3600,
  },
  source: 'ws',
  client_msg_id: null,
  text: 'How long do the checks take?',
  replaces: null,
  accepted_at: new Date().toISOString(),
})

/** Every round finds what the first one found. */
async function forgetTurn(turnId: string, { db }: Database): Promise<void> {
  await sql`delete from omni2.usage_reservations where session_id = ${turnId}`.execute(db)
  await sql`delete from omni2.turns where session_id = ${turnId}`.execute(db)
}
