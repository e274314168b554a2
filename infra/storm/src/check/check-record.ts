import type { StormRecord, Violation } from '../record.ts'
import { checkBills } from './check-bills.ts'
import { checkEnds } from './check-ends.ts'
import { checkProcesses } from './check-processes.ts'
import { checkRest } from './check-rest.ts'
import { checkTexts } from './check-texts.ts'
import { checkViews } from './check-views.ts'

/** Every promise that a storm is held to, checked from its record alone. */
export const checkRecord = (record: StormRecord): Violation[] =>
  [checkEnds, checkBills, checkTexts, checkViews, checkRest, checkProcesses].flatMap((check) => check(record))
