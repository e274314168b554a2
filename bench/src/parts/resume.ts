import { setTimeout as sleep } from 'node:timers/promises'
import { writeDirective } from '../drive/directive.ts'
import { ResumableChat } from '../drive/resumable-chat.ts'
import { quantile } from '../measure/quantile.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { Ours } from '../systems/open-ours.ts'
import type { Part } from './part.ts'

const resuming = 300
const others = 20
const turn = { tokens: 150, paceMs: 200 }

/** An edge is lost and everybody comes back in the same moment. */
export const resume: Part = {
  summary: '300 resumes in one moment, in the middle of their replies, and what others notice of it',
  minutes: 2,
  async measure({ quick, rounds = quick ? 2 : 5, folder, say, add }) {
    await using systems = await openSystems({ folder, say }, [], { edges: 2, env: { WORKER_TURNS: '400' } })
    for (let round = 1; round <= rounds; round += 1) {
      const setting = `${resuming} at once, beside ${others} streams`
      say(`${setting}: round ${round}`)
      const { resumeMs, calmMs, busyMs, exact } = await measureRound(systems.ours)
      const put = (metric: string, unit: string, value: number) =>
        add({ setting, system: 'ours', metric, unit, value })
      put('resume p50', 'ms', quantile(resumeMs, 0.5))
      put('resume p99', 'ms', quantile(resumeMs, 0.99))
      put('token latency p99 of others before', 'ms', quantile(calmMs, 0.99))
      put('token latency p99 of others in the second of the resumes', 'ms', quantile(busyMs, 0.99))
      put('byte-exact', '%', (100 * exact) / resuming)
    }
  },
}

async function measureRound(ours: Ours) {
  const chats = Array.from({ length: resuming + others }, (_, client) => new ResumableChat(ours, client))
  const [affected, watching] = [chats.slice(0, resuming), chats.slice(resuming)]
  for (const chat of chats) await chat.connect()
  for (const chat of chats) chat.ask(writeDirective(turn))
  await Promise.all(chats.map(({ begun }) => begun))
  const calmMs = await collectTokens(watching, 2000)
  await Promise.all(affected.map((chat) => chat.cut()))
  for (const [index, chat] of affected.entries()) await chat.connect(index + 1)
  const [resumeMs, busyMs] = await Promise.all([
    Promise.all(affected.map((chat) => chat.resume())),
    collectTokens(watching, 1000),
  ])
  await Promise.all(chats.map(({ ended }) => ended))
  const exact = affected.filter(({ isExact }) => isExact).length
  await Promise.all(chats.map((chat) => chat.cut()))
  return { resumeMs, calmMs, busyMs, exact }
}

/** Latencies of the tokens that come within a time. */
async function collectTokens(chats: readonly ResumableChat[], ms: number): Promise<number[]> {
  const latencies: number[] = []
  for (const chat of chats) chat.onToken = (latency) => void latencies.push(latency)
  await sleep(ms)
  for (const chat of chats) chat.onToken = () => {}
  return latencies
}
