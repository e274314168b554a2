import { listOfWords } from '../config.ts'

/** Schema of a comma-separated list of origins in a variable, each as browsers write it; says what is wrong with which. */
export const listOfOrigins = listOfWords.superRefine((words, context) => {
  for (const [index, word] of words.entries()) {
    const fault = findFault(word)
    if (fault !== undefined)
      context.addIssue(`must be origins such as https://chat.example.org; number ${index + 1} ${fault}`)
  }
})

function findFault(word: string): string | undefined {
  if (word.includes('*')) return 'has a wildcard: name each origin'
  if (!/^https?:\/\//i.test(word)) return 'does not begin with http:// or https://'
  const url = URL.parse(word)
  if (url === null) return 'is no URL'
  if (word === `${url.origin}/`) return 'ends with a slash: leave it out'
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return 'has a path: leave it out'
  if (url.origin !== word) return 'is not as browsers write it: small letters, no user, no default port'
  return undefined
}
