/** `/readyz`: whether this installation can do its work already, for whoever sends readers or traffic to it. */
import { describe, Failure } from '../failures.ts'
import { isCurrent } from '../store/migrate.ts'
import { type Needs, type Page } from './needs.ts'

/** 200 when the database answers, its tables are those of this version, and the first round of work is done; else 503. */
export function showReady({ db, log, isStarted = () => true }: Needs): Page {
  return async (c) => {
    c.header('Cache-Control', 'no-store')
    const missing: string[] = []
    try {
      if (!(await isCurrent(db))) missing.push('migrations')
    } catch (thrown) {
      const failure =
        thrown instanceof Failure ? thrown : new Failure('database.unusable', { reason: describe(thrown) }, thrown)
      log.error({ failure, err: thrown }, failure.message)
      missing.push(failure.code === 'database.newer' ? 'migrations' : 'database')
    }
    if (!isStarted()) missing.push('first run')
    return c.json({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503)
  }
}
