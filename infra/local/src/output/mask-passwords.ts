/** Of a URL, or of several with commas between: everything up to the last @ before the path is its login. */
const passwordOfLogin = /(:\/\/[^:@/\s]*):[^/\s]+@/g
const passwordOfQuery = /([?&]\w*password=)[^&\s]+/gi

/** A text with `***` in place of the passwords of the URLs in it. */
export const maskPasswords = (text: string): string =>
  text.replaceAll(passwordOfLogin, '$1:***@').replaceAll(passwordOfQuery, '$1***')
