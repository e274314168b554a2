/** Words of the old dialect, or longer than needed, and what to write. */
const betterWords = new Map(
  Object.entries({
    told: 'notified, sent, reported, answered',
    tell: 'notify, send, report, answer',
    tells: 'notifies, sends, reports, shows',
    telling: 'notifying, sending, reporting',
    nobody: 'no user, no viewer, no service',
    somebody: 'a user, another user',
    anew: 'again, from the beginning',
    hence: 'so',
    whilst: 'while',
    amongst: 'among',
    utilize: 'use',
    thereof: 'of it',
    therein: 'in it',
    upon: 'on',
    lest: 'so that … not',
  }),
)

/** The words of a text that have a plainer one, with the line that each is in; names in camelCase are split. */
export function findOddWords(text: string): { line: number; word: string; instead: string }[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.matchAll(/[A-Z]?[a-z]+/g)
    return [...words].flatMap(([word]) => {
      const instead = betterWords.get(word.toLowerCase())
      return instead === undefined ? [] : [{ line: index + 1, word, instead }]
    })
  })
}
