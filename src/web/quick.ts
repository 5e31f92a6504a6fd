/** Answers requests for feeds on the bare socket while they lie on the shelf: readers ask for them all day long. */
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { answerFor, typeOf } from './published.ts'
import { type Shelf } from './shelf.ts'

/** Answers and gives true, or does nothing and gives false: then the router has to. */
export type Quick = (request: IncomingMessage, response: ServerResponse) => boolean

const folder = '/feeds/'

/** `tally` is told the status of each answer. Pages for people are never answered here: they differ by who asks. */
export function openQuick(shelf: Shelf, tally: (status: number) => void): Quick {
  return ({ method, url = '', headers }, response) => {
    if (!url.startsWith(folder) || (method !== 'GET' && method !== 'HEAD')) return false
    const end = url.indexOf('?')
    const path = end === -1 ? url.slice(folder.length) : url.slice(folder.length, end)
    const kept = shelf.peek(path)
    const type = kept && typeOf(path)
    if (kept === undefined || type === undefined || type.startsWith('text/html')) return false
    const answer = answerFor(kept, type, headers)
    response.writeHead(answer.status, answer.headers as string[])
    response.end(method === 'HEAD' ? undefined : answer.body)
    tally(answer.status)
    return true
  }
}
