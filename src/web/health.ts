/** `/healthz`: whether this installation works, for whoever watches it. */
import { lowDisks } from '../disk/space.ts'
import { describe, Failure } from '../failures.ts'
import { listSources } from '../store/sources.ts'
import { type Needs, type Page } from './needs.ts'

/**
 * 200 while the database answers, even with a failing source or a disk that is nearly full: starting again would mend
 * neither. Else 503.
 */
export function showHealth({ db, log, sources: known, disks = [], isConfigFaulty }: Needs): Page {
  return async (c) => {
    c.header('Cache-Control', 'no-store')
    try {
      const states = (await listSources(db)).filter(({ id }) => known?.some((source) => source.id === id) ?? true)
      const sources = states.map(({ id, collectedAt, failure }) => ({
        id,
        collectedAt: collectedAt?.toISOString() ?? null,
        // Its details name paths of this machine, and anyone may read this page.
        failure: failure === undefined ? null : { code: failure.code, says: failure.says },
      }))
      const failing = sources.some(({ failure }) => failure !== null)
      const [trouble] = await lowDisks(disks)
      const disk = trouble === undefined ? 'ok' : trouble.code === 'disk.low' ? 'low' : 'unknown'
      const config = isConfigFaulty?.() === true ? 'faulty' : 'ok'
      const status = failing || disk !== 'ok' || config !== 'ok' ? 'degraded' : 'ok'
      return c.json({ status, database: 'ok', disk, config, sources })
    } catch (thrown) {
      const failure = new Failure('database.unusable', { reason: describe(thrown) }, thrown)
      log.error({ failure, err: thrown }, failure.message)
      return c.json({ status: 'down', database: 'failed', sources: [] }, 503)
    }
  }
}
