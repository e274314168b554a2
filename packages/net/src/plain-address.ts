/** An IPv4 address as dual-stack sockets write it (`::ffff:127.0.0.1`) becomes that IPv4 address; others stay. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
