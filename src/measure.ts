/** Of collect: asks the hosts of files beside articles how large these are, once. */
import { Failure } from './failures.ts'
import { asFailure, type Round } from './collect-one.ts'
import { type Fetch, type Fetched } from './contracts.ts'
import {
  dueFiles,
  postponeFile,
  settleFile,
  type DueFile,
  type FileAnswer,
  type NextTime,
} from './store/media-files.ts'

/** Files of one collection; the others have their turn with the next. */
const MOST_FILES = 25

const HOUR_MS = 3_600_000

/** Until a host that gave no answer is asked again; after the last, what the source says has to do. */
const PAUSES_MS = [1, 6, 24, 72].map((hours) => hours * HOUR_MS)

/**
 * Asks about the files of this source that are due, newest articles first. What cannot be told is no fault of the source:
 * it is logged, and asked again later. A host that fails is left alone until the next collection.
 */
export async function measureFiles(round: Round, fetch: Fetch): Promise<void> {
  const { db, source, now, log, stop } = round
  const failed = new Set<string>()
  for (const file of await dueFiles(db, source.id, now(), MOST_FILES)) {
    if (stop?.aborted) return
    const host = URL.parse(file.url)?.host ?? ''
    if (failed.has(host)) continue
    const answer = await askAbout(file, fetch).catch((thrown: unknown) =>
      asFailure(thrown, 'source.failed', { url: file.url }),
    )
    if (!(answer instanceof Failure)) {
      // What is not there may be there soon: some announce an episode before they have stored it.
      await settleFile(db, file.url, answer, answer.fate === 'missing' ? nextTime(file, now()) : undefined)
      log.debug({ source: source.id, url: file.url, ...answer }, 'asked about a file')
      continue
    }
    if (answer.code === 'http.stopped') return
    failed.add(host)
    log.info({ source: source.id, failure: answer, err: answer.cause }, 'the length of a file could not be asked')
    const again = nextTime(file, now())
    if (again === undefined) await settleFile(db, file.url, { fate: 'unasked' })
    else await postponeFile(db, file.url, again)
  }
}

function nextTime({ attempts }: DueFile, now: Date): NextTime | undefined {
  const pauseMs = PAUSES_MS[attempts]
  return pauseMs === undefined ? undefined : { dueAt: new Date(now.getTime() + pauseMs), attempts: attempts + 1 }
}

/** What its host says of a file. Throws Failure `http.…` where it may say more another time. */
export async function askAbout({ url, type }: Pick<DueFile, 'url' | 'type'>, fetch: Fetch): Promise<FileAnswer> {
  try {
    const head = await ask(url, 'head', fetch)
    const told = head && readAnswer(head, type)
    if (told?.bytes !== undefined) return told
    // Some refuse HEAD, some leave the length away, some say that there is nothing: the file itself knows better.
    const first = await ask(url, 'first', fetch)
    return (first && readAnswer(first, type)) ?? told ?? { fate: 'unasked' }
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    if (thrown.code === 'http.missing' || thrown.code === 'http.gone') return { fate: 'missing' }
    if (!thrown.retry) return { fate: 'unasked' }
    throw thrown
  }
}

/** Nothing where a server refuses to be asked so. */
async function ask(url: string, only: 'head' | 'first', fetch: Fetch): Promise<Fetched | undefined> {
  try {
    return await fetch(url, { only })
  } catch (thrown) {
    if (thrown instanceof Failure && isRefused(thrown, only)) return undefined
    throw thrown
  }
}

function isRefused({ code, details }: Failure, only: 'head' | 'first'): boolean {
  if (only === 'head') return code === 'http.status' || code === 'http.missing'
  // What was packed although it should not be cannot be read of one byte.
  if (code === 'http.tooLarge' || code === 'http.encoding') return true
  return code === 'http.status' && Number(details['status']) < 500
}

/** What servers say of files that they know nothing of. */
const UNTOLD = /^(?:application|binary)\/(?:octet-stream|(?:x-|force-)?download)$|^text\/plain$|^application\/x-unknown/

/** Names that were never registered, and mean a file that has one. */
const MEANT: Partial<Record<string, string>> = {
  'audio/mp3': 'audio/mpeg',
  'audio/x-mp3': 'audio/mpeg',
  'audio/mpeg3': 'audio/mpeg',
  'audio/x-mpeg': 'audio/mpeg',
}

function readAnswer({ headers }: Fetched, said: string): Extract<FileAnswer, { fate: 'known' }> {
  const told = /^[^\s;,]+\/[^\s;,]+/.exec(headers['content-type'] ?? '')?.[0].toLowerCase()
  // A page in the place of a recording: a login, an error that calls itself a success. Its length is another one's.
  if (told !== undefined && told.endsWith('html') && !said.endsWith('html')) return { fate: 'known' }
  const type = told === undefined || UNTOLD.test(told) ? undefined : (MEANT[told] ?? told)
  const bytes = lengthOf(headers)
  return { fate: 'known', ...(type !== undefined && { type }), ...(bytes !== undefined && { bytes }) }
}

/** Of the whole file (RFC 9110, sections 8.6 and 14.4), where it was sent as it is. */
function lengthOf(headers: Record<string, string>): number | undefined {
  const { 'content-range': range, 'content-encoding': encoding = 'identity', 'content-length': length } = headers
  if (encoding.trim().toLowerCase() !== 'identity') return undefined
  const written = range === undefined ? length : /^bytes\s+\d+-\d+\/(\d+)$/i.exec(range.trim())?.[1]
  const bytes = /^\d+$/.test(written ?? '') ? Number(written) : 0
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}
