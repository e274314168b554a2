import { writeSync } from 'node:fs'
import type { ReportStall } from '../src/index.ts'

export const reportStall: ReportStall = async (data, note) => {
  writeSync(1, `report ${JSON.stringify({ data, note })}\n`)
}
