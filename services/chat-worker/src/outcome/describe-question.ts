/** What a turn asks, as frames say it to those who have not asked it; nothing where no row knows the text. */
export const describeQuestion = (
  question: string,
  replaces: string | null,
): { question?: string; replaces?: string } => ({
  ...(question !== '' && { question }),
  ...(replaces !== null && { replaces }),
})
