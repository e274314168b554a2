/** The question of a turn, for frames to clients that did not ask it; empty if no row has the text. */
export const describeQuestion = (
  question: string,
  replaces: string | null,
): { question?: string; replaces?: string } => ({
  ...(question !== '' && { question }),
  ...(replaces !== null && { replaces }),
})
