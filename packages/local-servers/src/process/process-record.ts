import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { DataFolderInUseError } from '../server-errors.ts'
import { isSameProcess, readProcessStartTime } from './read-process-start-time.ts'
import { sendSignal, type StopOptions } from './stop-process.ts'

interface KnownProcess {
  readonly pid: number
  readonly startTime: string
}

/** Which process runs on a data folder and which one launched it, so that a later start recognises a leftover. */
export interface ProcessRecord extends KnownProcess {
  readonly name: string
  readonly owner: KnownProcess
}

/** Writes the record of a process that this one has just launched. */
export async function writeProcessRecord(file: string, { name, pid }: { name: string; pid: number }) {
  const record: ProcessRecord = { name, ...(await knowProcess(pid)), owner: await knowProcess(process.pid) }
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** The record in a file; undefined when there is none or it cannot be read as one. */
export async function readProcessRecord(file: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text === '' ? undefined : parseProcessRecord(text)
}

/**
 * Stops a process that outlived the one that launched it, known by pid and start time.
 * Returns its name when there was one; throws DataFolderInUseError while its launcher lives.
 */
export async function stopLeftover(file: string, options: StopOptions): Promise<string | undefined> {
  const record = await readProcessRecord(file)
  if (record === undefined || !(await isSameProcess(record))) {
    await rm(file, { force: true })
    return undefined
  }
  if (await isSameProcess(record.owner)) throw new DataFolderInUseError(record.name, record.owner.pid)
  await endProcess(record, options)
  await rm(file, { force: true })
  return record.name
}

async function endProcess(known: KnownProcess, { signal, deadlineMs }: StopOptions) {
  const killAt = performance.now() + deadlineMs
  sendSignal(known.pid, signal)
  sendSignal(known.pid, 'SIGCONT')
  while (await isSameProcess(known)) {
    if (performance.now() > killAt) sendSignal(-known.pid, 'SIGKILL')
    await delay(40)
  }
}

async function knowProcess(pid: number): Promise<KnownProcess> {
  return { pid, startTime: (await readProcessStartTime(pid)) ?? 'gone' }
}

function parseProcessRecord(text: string): ProcessRecord | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isProcessRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isProcessRecord(value: unknown): value is ProcessRecord {
  if (!isKnownProcess(value)) return false
  return 'name' in value && typeof value.name === 'string' && 'owner' in value && isKnownProcess(value.owner)
}

function isKnownProcess(value: unknown): value is KnownProcess {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value))
    return false
  return Number.isInteger(value.pid) && Number(value.pid) > 0 && typeof value.startTime === 'string'
}
