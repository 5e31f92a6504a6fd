/** The list of mail transports: a new one is a file here and a word in this list. */
import { openMailbox } from './mailbox.ts'

export const transports = { mailbox: openMailbox }
