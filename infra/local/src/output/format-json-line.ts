import type { Run } from './describe-run.ts'

/** The one line of `--json`; its shape is relied on by scripts. */
export function formatJsonLine(run: Run): string {
  const { url, databaseUrl, natsUrl, redisUrl, model, pid, processes, users } = run
  const ready = processes.map(({ name, pid: id, url: address }) => ({
    name,
    pid: id,
    url: address,
    ready: true,
  }))
  const line = { url, databaseUrl, natsUrl, redisUrl, model: model.name, pid, processes: ready, users }
  return `${JSON.stringify(line)}\n`
}
