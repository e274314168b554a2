import { parseAddressRange, type AddressRange } from '@omni2/net'
import { listOfWords } from './config.ts'

/** Schema of address ranges in a variable, separated by commas; an address is a range of one. */
export const listOfRanges = listOfWords.transform((words, context): AddressRange[] => {
  const ranges = words.map(parseAddressRange).filter((range) => range !== undefined)
  if (ranges.length < words.length)
    context.addIssue('must be addresses or ranges such as 10.0.0.0/8,fd00::/8')
  return ranges
})
