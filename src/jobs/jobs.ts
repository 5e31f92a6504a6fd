/** What is done by the clock: one job a source, feed and newsletter, delivering, announcing, and upkeep. */
import { type AnnounceNeeds, type AnnounceResult } from '../announce.ts'
import { type CollectNeeds, type CollectResult } from '../collect.ts'
import { type ComposeNeeds, type ComposeResult } from '../compose.ts'
import { type DeliverNeeds, type DeliverResult } from '../deliver.ts'
import { type DeskCopyNeeds } from '../desk-copy.ts'
import { type PublishNeeds, type PublishResult } from '../publish.ts'
import { isWeb } from '../sources/index.ts'
import { type UpkeepNeeds, type UpkeepResult } from '../upkeep.ts'
import { type Timing } from './due.ts'
import { type HoldNeeds } from './hold.ts'

/** What the jobs are given: what the verbs are, and when each is due. */
export type Needs = Omit<CollectNeeds, 'sources'> &
  Omit<PublishNeeds, 'feeds' | 'sources'> &
  Omit<ComposeNeeds, 'newsletters' | 'feeds'> &
  Omit<DeliverNeeds, 'newsletters'> &
  Omit<DeskCopyNeeds, 'newsletters'> &
  Omit<UpkeepNeeds, 'newsletters'> &
  Omit<AnnounceNeeds, 'feeds'> &
  HoldNeeds & {
    sources: (CollectNeeds['sources'][number] & { schedule: string })[]
    feeds: PublishNeeds['feeds']
    newsletters: (ComposeNeeds['newsletters'][number] & {
      schedule: string
      timezone?: string | undefined
      late: { after: number; then: 'send' | 'skip' | 'merge' }
    })[]
  }

/** The verbs, and upkeep. */
export type Verb = 'collect' | 'publish' | 'compose' | 'deliver' | 'announce' | 'upkeep'

export interface Results {
  collect: CollectResult
  publish: PublishResult
  compose: ComposeResult
  deliver: DeliverResult
  announce: AnnounceResult
  upkeep: UpkeepResult
}

/** One thing that is done alone, under a lease and a tick of its name. */
export interface Job {
  verb: Verb
  /** The source, feed or newsletter. */
  id: string
}

export function nameOf({ verb, id }: Job): string {
  return id === '' ? verb : `${verb}:${id}`
}

/** In the small hours, and not at the full one, when everybody else's does. */
const upkeepSchedule = '17 3 * * *'

/** When a job is due; undefined for those that are due whenever there is something to do. */
export function timingOf(needs: Needs, { verb, id }: Job): Timing | undefined {
  const siteZone = needs.site.timezone
  if (verb === 'upkeep') return { schedule: upkeepSchedule, timezone: siteZone, first: 'next', retries: true }
  if (verb === 'collect') {
    const source = needs.sources.find((each) => each.id === id)
    return source && { schedule: source.schedule, timezone: siteZone, first: 'now', rests: isWeb(source) }
  }
  if (verb === 'compose') {
    const newsletter = needs.newsletters.find((each) => each.id === id)
    if (newsletter === undefined) return undefined
    const { schedule, timezone = siteZone, first, late } = newsletter
    return { schedule, timezone, first, late: { afterMs: late.after, then: late.then }, retries: true }
  }
  return undefined
}
