/** Whether a text has nothing to read. The model's API refuses such texts, and some control characters are white space to it. */
export const isBlank = (text: string): boolean => !/[^\s\p{Cc}]/u.test(text)
