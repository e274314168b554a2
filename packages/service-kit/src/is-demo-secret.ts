/** Words that occur in the placeholders of READMEs, compose files and tutorials, and in no random value. */
const placeholderWords =
  /change[-_ ]?(me|this|in)|demo|example|secret[-_ ]?key|your[-_ ]|default|insecure|dev[-_]|test[-_]|placeholder|password|0123456789|omni2/i

/** Fewer different characters than any 32 random ones are likely to have, also as hexadecimal digits. */
const fewestDifferentCharacters = 10

/** Whether a secret looks like a placeholder and not like random characters. */
export function isDemoSecret(secret: string): boolean {
  return placeholderWords.test(secret) || new Set(secret).size < fewestDifferentCharacters
}
