/** What a collection knows of its source from those before it, and what it leaves to the next one. */
import { z } from 'zod'
import { type Round } from './collect-one.ts'
import { Failure } from './failures.ts'
import { isArticle } from './is-article.ts'
import { type Item } from './item.ts'
import { MOST_SIGHTINGS, sighting, sightingOf, unusualIn, type Sighting } from './sources/history.ts'
import { isWeb, type FindContext } from './sources/index.ts'
import { keepMemory, readMemory, type SourceMemory } from './store/sightings.ts'

export interface Watch {
  /** For the source's own `find`. */
  context: Pick<FindContext, 'memory' | 'isArticle' | 'notice'>
  saw: (items: readonly Item[]) => void
  /** Keeps what was seen, so much of it new; after the source itself was noted as collected. */
  keep: (added: number) => Promise<void>
}

/** How long a source that was repaired says so. */
const TOLD_MS = 7 * 24 * 3_600_000
const MENDED = ['source.repaired', 'source.elsewhere']

export async function openWatch(round: Round): Promise<Watch> {
  const { db, source, log, now, parse } = round
  const last = await readMemory(db, source.id)
  const history = readHistory(last.history)
  const next: SourceMemory = { ...last }
  let notice: Failure | undefined
  let seen: readonly Item[] = []
  return {
    context: {
      memory: {
        ...(last.memory !== undefined && { last: last.memory }),
        keep: (json) => {
          next.memory = json
        },
      },
      notice: (failure) => {
        notice = failure
        log.warn({ source: source.id, failure }, failure.message)
      },
      isArticle: (html, url) => isArticle(parse, html, url),
    },
    saw(items) {
      if (isWeb(source)) seen = items
    },
    async keep(added) {
      const at = now()
      if (seen.length > 0) {
        const latest = sightingOf(seen, added, at)
        const reason = unusualIn(history, latest)
        if (reason !== undefined) notice ??= new Failure('source.unusual', { reason })
        next.history = JSON.stringify([...history, latest].slice(-MOST_SIGHTINGS))
      }
      if (notice !== undefined) {
        const isSame = last.notice?.failure.code === notice.code
        next.notice = { failure: notice.toJSON(), since: isSame ? (last.notice?.since ?? at) : at }
      } else if (last.notice !== undefined && seen.length > 0) {
        // What was repaired stays said for a week; anything else is over when a collection meets it no more.
        const isTold =
          !MENDED.includes(last.notice.failure.code) || at.getTime() - last.notice.since.getTime() > TOLD_MS
        if (isTold) delete next.notice
      }
      await keepMemory(db, source.id, next)
    },
  }
}

function readHistory(written: string | undefined): Sighting[] {
  if (written === undefined) return []
  try {
    return z.array(sighting).parse(JSON.parse(written))
  } catch {
    return []
  }
}
