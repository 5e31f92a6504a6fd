// A month by a clock of its own, with everything failing that can fail; at its end every promise is held against what
// the site, the mail server and the operator saw. The campaign is always the same one, so that a failure is the doing of
// what was changed; SOAK_SEED makes it another (`random`: a new one each time), SOAK_DAYS makes it longer.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tell } from '../src/alert.ts'
import { type App } from '../src/app.ts'
import { doingsOf, lookAtDisks, needsOf } from '../src/commands/round.ts'
import { webOf } from '../src/commands/shifts.ts'
import { runDue } from '../src/jobs/run-due.ts'
import { approve } from '../src/release.ts'
import { editionsIn } from '../src/store/editions.ts'
import { addFiles } from './folders.ts'
import { openChance, type Chance } from './soak/chance.ts'
import { watchFeeds } from './soak/feeds.ts'
import { openSoakPaper, soakConfig } from './soak/paper.ts'
import { checkAlerts, checkArticles, checkLedger, checkMails, checkPoliteness } from './soak/promises.ts'
import { openReaders } from './soak/readers.ts'
import { openSoakRelay, openSoakWebhook } from './soak/relay.ts'
import { openSoakSite, storms, titleOf, type SoakSite, type Story } from './soak/site.ts'

const childScript = fileURLToPath(new URL('soak/child.ts', import.meta.url))
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Two weeks before the clocks of London go forward. */
const start = Date.UTC(2026, 2, 15, 4)

const days = Number(process.env['SOAK_DAYS'] ?? 30)
const wanted = process.env['SOAK_SEED'] ?? '708021'
const seed = wanted === 'random' ? String(randomInt(1_000_000)) : wanted

describe('a month of everything going wrong @slow', function () {
  this.timeout(days * 20_000)

  it(`keeps every promise (SOAK_SEED=${seed} SOAK_DAYS=${days})`, async () => {
    const chance = openChance(seed)
    const clock = { ms: start }
    let isOthers = false
    const site = await openSoakSite(chance, () => (isOthers ? undefined : clock.ms))
    const relay = await openSoakRelay(chance)
    const webhook = await openSoakWebhook(() => clock.ms)
    // Processes are killed here, and never the machine: memory holds what a disk would.
    const root = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'broadsheet-soak-'))
    await addFiles(root, {
      'broadsheet.yaml': soakConfig({ site: site.port, relay: relay.port, webhook: webhook.url }),
    })
    await mkdir(join(root, 'articles'))
    let app: App = await openSoakPaper(root, clock)
    let web = webOf(app)
    const reopen = async () => {
      await app.close()
      app = await openSoakPaper(root, clock)
      web = webOf(app)
    }
    let wasKilled = true
    const feeds = watchFeeds(app.config.publishDirectory)
    const readers = openReaders(20, chance, clock, relay)
    const seen = { rounds: 0, kills: 0, held: 0, storms: 0, restarts: 0, naps: 0 }

    /** What this process does in a step, as `serve` and `run` do it. */
    const round = async () => {
      const result = await runDue(needsOf(app))
      await tell({ ...app, wait: async () => undefined }, [...doingsOf(result), await lookAtDisks(result, app)])
      seen.rounds += 1
      return result.collect.some(
        (ending) =>
          ending.state === 'done' &&
          ending.result.sources.some(
            ({ added, updated, changed = 0, withdrawn = 0, restored = 0 }) =>
              added + updated + changed + withdrawn + restored > 0,
          ),
      )
    }
    /** The same in a process that is killed: before a statement, or when the mail server has one of its messages. */
    const killed = async (step: number) => {
      isOthers = true
      const isByMail = chance.happens(0.5, 'killed by mail', step)
      const statement = isByMail ? 0 : chance.whole(1, 400, 'statement', step)
      const child = spawn(process.execPath, [childScript, JSON.stringify({ root, now: clock.ms, statement })], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') },
      })
      let left = chance.whole(1, 20, 'mails', step)
      const shoot = async () => {
        left -= 1
        if (left === 0) child.kill('SIGKILL')
      }
      if (isByMail) relay[chance.pick(['asked', 'came'] as const, 'when', step)] = shoot
      const [exit, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
      relay.asked = relay.came = undefined
      isOthers = false
      assert(signal === 'SIGKILL' || exit === 0, `the child ended with ${exit ?? signal}`)
      if (signal !== null) seen.kills += 1
      site.forgive()
    }
    const editors = async () => {
      for (const draft of await editionsIn(app.db, ['draft'])) {
        if (clock.ms - draft.composedAt.getTime() < 5 * hour) continue
        seen.held += 1
        await approve(app, draft)
      }
    }

    try {
      for (let step = 0; clock.ms < start + days * day; step += 1) {
        const isNap = chance.happens(0.005, 'nap', step)
        if (isNap) seen.naps += 1
        const from = clock.ms
        clock.ms += isNap ? chance.whole(8, 30, 'nap', step) * hour : chance.whole(30, 330, 'step', step) * minute
        seen.storms += changeWeather(chance, step, site, relay)
        webhook.isDown = chance.happens(0.2, 'webhook', step)
        await print(chance, step, site, clock.ms, root, (clock.ms - from) / day)
        if (clock.ms >= start + 12 * day && from < start + 12 * day) await printMany(site, clock.ms, root)

        await readers.act(step, web, app)
        let mayChange = true
        if (chance.happens(hasSeven(from, clock.ms) ? 0.4 : 0.005, 'killed', step)) {
          await killed(step)
          wasKilled = true
        } else {
          if (chance.happens(0.3, 'leaves', step)) {
            relay.asked = async () => {
              relay.asked = undefined
              await readers.leaveNow(step, web, app)
            }
          }
          mayChange = (await round()) || wasKilled
          relay.asked = undefined
          wasKilled = false
        }
        await feeds.look(mayChange)
        await readers.read()
        await editors()
        if (chance.happens(0.03, 'restart', step)) {
          seen.restarts += 1
          await reopen()
        }
      }

      // Then it is calm, until everything has come to its end.
      relay.isCalm = true
      webhook.isDown = false
      relay.weather = site.weather.wire = site.weather.www = 'fine'
      for (let step = 0; step < 40; step += 1) {
        clock.ms += 2 * hour
        await round()
        await editors()
      }
      await feeds.look(true)
      await readers.read()

      await checkArticles(app, site)
      checkPoliteness(site)
      checkMails(readers)
      const counts = await checkLedger(app, readers, relay, seen.kills)
      checkAlerts(webhook.told)
      const quiet = await feeds.look(false)
      assert.deepEqual(quiet, [])
      process.stdout.write(
        `      seed ${seed}: ${JSON.stringify({ ...seen, ...counts, ...site.counts, stories: site.stories.length, doubts: relay.doubts, told: webhook.told.length, feeds: feeds.versions() })}\n`,
      )
      if (days >= 30) {
        for (const [name, count] of Object.entries({ ...seen, ...counts })) assert(count > 0, `there was no ${name}`)
      }
    } finally {
      await app.close()
      await Promise.all([site.close(), relay.close(), webhook.close()])
      await rm(root, { recursive: true, force: true })
    }
  })
})

/** Whether it became seven in London in between, near enough: when editions are due. */
function hasSeven(from: number, to: number): boolean {
  return Math.floor((from - 6.9 * hour) / day) < Math.floor((to - 6.9 * hour) / day)
}

/** A storm lasts some steps. Gives how many began. */
function changeWeather(
  chance: Chance,
  step: number,
  site: SoakSite,
  relay: { weather: 'fine' | 'busy' | 'away' | 'picky' },
): number {
  let began = 0
  for (const host of ['wire', 'www'] as const) {
    if (site.weather[host] !== 'fine') {
      if (chance.happens(site.weather[host] === 'hang' ? 0.9 : 0.5, 'clears up', host, step))
        site.weather[host] = 'fine'
    } else if (chance.happens(0.1, 'storm', host, step)) {
      site.weather[host] = chance.pick(storms, 'which', host, step)
      began += 1
    }
  }
  relay.weather = chance.happens(0.15, 'relay', step)
    ? chance.pick(['busy', 'away', 'picky'] as const, 'which relay', step)
    : 'fine'
  return began
}

/** New stories come as time goes by; old ones are edited, and stay what they are. */
async function print(chance: Chance, step: number, site: SoakSite, now: number, root: string, passed: number) {
  for (const kind of ['wire', 'www', 'desk'] as const) {
    if (chance.happens(passed * 2.5, 'story', kind, step)) await write(root, site, { kind, at: new Date(now) })
  }
  const young = site.stories.slice(-8)
  if (young.length > 0 && chance.happens(0.1, 'edit', step)) {
    const story = chance.pick(young, 'edited', step)
    story.edits += 1
    if (story.kind === 'desk') await save(root, story)
  }
}

/** So many at once that an editor has to say yes. */
async function printMany(site: SoakSite, now: number, root: string) {
  for (let count = 0; count < 45; count += 1) await write(root, site, { kind: 'desk', at: new Date(now) })
}

async function write(root: string, site: SoakSite, story: Pick<Story, 'kind' | 'at'>) {
  const whole = { ...story, token: `s${site.stories.length + 1}x`, edits: 0 }
  site.stories.push(whole)
  if (story.kind === 'desk') await save(root, whole)
}

async function save(root: string, story: Story) {
  const text = `---\ntitle: ${titleOf(story)}\ndate: ${story.at.toISOString()}\n---\n\nSomething happened in the harbour.\n`
  await writeFile(join(root, 'articles', `${story.token}.md`), text)
}
