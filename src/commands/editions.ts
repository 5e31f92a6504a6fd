/** `editions`: what went out, to how many, what waits, and an editor's hand on it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command } from 'commander'
import { unsubscribeAddress } from '../addresses.ts'
import { type App } from '../app.ts'
import { type Call, type Result, type Run } from '../cli.ts'
import { writeAtomically } from '../disk/write.ts'
import { Failure } from '../failures.ts'
import { messageIdOf } from '../mail/message.ts'
import { type Edition, type EditionState } from '../model.ts'
import { personalize } from '../newsletters/personalize.ts'
import { approve } from '../release.ts'
import { articlesById } from '../store/articles.ts'
import { type Database } from '../store/database.ts'
import { cancelEdition, findEditions, latestEditions, setEditionState } from '../store/editions.ts'
import { listUncertain, reconcile, type UncertainDelivery, type Verdict } from '../store/reconcile.ts'
import { parseAddress } from '../subscribers/address.ts'
import { columns, count } from '../terminal.ts'
import { minuteOf, nameOf, showCounts, showHeld, showUncertain, tell, toName } from './edition-view.ts'
import { openInBrowser } from './preview.ts'

const naming = 'NEWSLETTER/NUMBER such as daily/7, or the beginning of its id'

export function register(program: Command, run: Run): void {
  const editions = program
    .command('editions')
    .description('what went out, to how many, what waits for a yes, and what to do about it')
    .addHelpText(
      'after',
      `
An edition is a draft while it waits for an editor: because it is unusually large, or because
its newsletter has \`approve: true\`. Nothing of it is due, and its newsletter waits with it.
  broadsheet editions list               what there is, the latest first
  broadsheet editions show daily/7       one of them, with what became of its messages
  broadsheet editions approve daily/7    yes: it goes to the readers it was composed for
  broadsheet editions cancel daily/7     no: it never goes, and its articles are passed over

An edition that is going out:
  broadsheet editions pause daily/7      no message more is begun
  broadsheet editions resume daily/7     and on it goes
  broadsheet editions cancel daily/7     what has not gone stays here

A message whose fate the server never told is uncertain and not repeated. Find out, then say:
  broadsheet editions reconcile daily/7 --submitted ada@reader.example`,
    )
  const on = (name: string, description: string) =>
    editions.command(name).argument('<edition>', naming).description(description)

  editions
    .command('list')
    .description('the editions, the latest first, with what became of their messages')
    .option('--newsletter <id>', 'only of this newsletter')
    .option('--held', 'only what waits for an editor', false)
    .option('--limit <number>', 'so many at most', '20')
    .action(run((call, options: ListOptions) => call.withApp((app) => list(app, options))))
  on('show', 'one edition: its articles, its readers, its uncertain messages')
    .option('--open', 'write it to var/preview/ and show it in the browser', false)
    .action(run((call, name: string, { open }: { open: boolean }) => call.withApp((app) => show(app, name, open))))
  on('approve', 'let a draft go to the readers that it was composed for').action(
    run((call, name: string) => call.withApp((app) => letGo(app, call, name))),
  )
  on('cancel', 'call an edition off: what has not gone stays here, and its articles are passed over')
    .option('--keep-articles', 'of a draft: its articles stay new, and come in the next edition', false)
    .action(
      run((call, name: string, { keepArticles }: { keepArticles: boolean }) =>
        call.withApp((app) => callOff(app, name, keepArticles)),
      ),
    )
  on('pause', 'begin no message more of an edition that is going out').action(
    run((call, name: string) => call.withApp((app) => turn(app, name, 'paused', ['ready', 'sending']))),
  )
  on('resume', 'let a paused edition go on').action(
    run((call, name: string) => call.withApp((app) => turn(app, name, 'ready', ['paused']))),
  )
  on('reconcile', 'say what became of uncertain messages, once you found out')
    .argument('[address...]', 'whose; or --all')
    .option('--submitted', 'they arrived', false)
    .option('--refused', 'the server refused them', false)
    .option('--again', 'they did not go: send them once more', false)
    .option('--all', 'all that are uncertain in this edition', false)
    .action(
      run((call, name: string, whose: string[], options: ReconcileOptions) =>
        call.withApp((app) => settle(app, name, whose, options)),
      ),
    )
}

interface ListOptions {
  newsletter?: string
  held: boolean
  limit: string
}

type ReconcileOptions = Record<Verdict | 'all', boolean>

async function list({ db }: App, { newsletter, held, limit }: ListOptions): Promise<Result> {
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1) throw new Failure('usage.wrong', { '--limit': limit })
  const found = await latestEditions(db, {
    newsletterId: newsletter,
    limit: most,
    ...(held && { states: ['draft'] }),
  })
  const told = await Promise.all(found.map((edition) => tell(db, edition)))
  const rows = told.map((edition) => [
    nameOf(edition),
    edition.id.slice(0, 8),
    edition.state,
    minuteOf(edition.composedAt),
    count(edition.articles, 'article'),
    count(edition.readers, 'reader'),
    showCounts(edition.deliveries),
    `“${edition.subject}”`,
  ])
  const waiting = told.flatMap((edition) => (edition.heldFor === undefined ? [] : [showHeld(edition, edition.heldFor)]))
  const none = held ? 'Nothing waits for an editor.' : 'No edition yet: broadsheet compose makes one of what is new.'
  return {
    json: { editions: told },
    text: [rows.length === 0 ? none : columns(rows), ...waiting].join('\n\n'),
    exit: 0,
  }
}

async function show({ config, db }: App, name: string, open: boolean): Promise<Result> {
  const edition = await named(db, name)
  const told = await tell(db, edition)
  const articles = (await articlesById(db, edition.articleIds)).map(({ id, title, url }) => ({ id, title, url }))
  const uncertain = (await listUncertain(db, edition.id)).map((one) => ({
    ...one,
    messageId: messageIdOf(one.id, edition.from),
  }))
  const slices = edition.slices.map(({ id, subject, articleIds }) => ({ id, subject, articles: articleIds.length }))
  const facts = [
    ['id', told.id],
    ['state', told.state],
    ['composed', minuteOf(told.composedAt)],
    ...(told.doneAt === undefined ? [] : [['done', minuteOf(told.doneAt)]]),
    ['from', edition.from],
    ['readers', String(told.readers)],
    ['messages', showCounts(told.deliveries) || 'none yet'],
    ['articles', String(told.articles)],
  ]
  const text = [
    `${nameOf(told)}  “${told.subject}”`,
    columns(facts.map(([key = '', value = '']) => ['', key, value])),
    ...(told.heldFor === undefined ? [] : [showHeld(told, told.heldFor)]),
    columns(articles.map(({ title, url }) => ['', title.slice(0, 60), url])),
    ...(slices.length > 1
      ? [
          `In ${slices.length} forms, by what is new to whom: ${slices.map((slice) => slice.articles).join(', ')} articles.`,
        ]
      : []),
    ...(uncertain.length > 0 ? [showUncertain(nameOf(told), uncertain)] : []),
  ]
  const files = open ? await openFile(config, edition) : undefined
  if (files !== undefined) text.push(`  ${files.html}`)
  const json = { ...told, from: edition.from, slices, articleList: articles, uncertain, ...(files && { files }) }
  return { json, text: text.filter((part) => part !== '').join('\n\n'), exit: 0 }
}

async function letGo(app: App, { progress }: Call, name: string): Promise<Result> {
  const edition = await named(app.db, name)
  const { changed } = await approve({ ...app, report: progress.report }, edition)
  const told = await tell(app.db, edition)
  const text = changed
    ? `${nameOf(told)} “${told.subject}” goes to ${count(told.readers, 'reader')}: with the next broadsheet deliver or run.`
    : `${nameOf(told)} needs no yes: it is ${told.state}.`
  return { json: { ...told, changed }, text, exit: 0 }
}

async function callOff({ db, now }: App, name: string, keepArticles: boolean): Promise<Result> {
  const edition = await named(db, name)
  if (keepArticles && !['draft', 'cancelled'].includes(edition.state)) {
    // Its readers were moved on when their deliveries were opened: some may have it already.
    throw new Failure('edition.state', { edition: nameOf(toName(edition)), state: edition.state, needs: 'draft' })
  }
  const changed = await cancelEdition(db, edition, { now: now(), keepArticles })
  const told = await tell(db, edition)
  if (told.state !== 'cancelled') throw new Failure('edition.state', { edition: nameOf(told), state: told.state })
  const { submitted, dropped } = told.deliveries
  const articles = count(told.articles, 'article')
  const text = [
    `${nameOf(told)} “${told.subject}” ${changed ? 'is cancelled' : 'was cancelled before'}.`,
    ...(submitted + dropped > 0 ? [`${submitted} had gone, ${dropped} never will.`] : ['Nothing of it ever goes out.']),
    ...(!changed
      ? []
      : keepArticles
        ? [`Still new, for the next edition: ${articles}.`]
        : [`Passed over, in no later edition: ${articles}.`]),
  ].join(' ')
  return { json: { ...told, changed }, text, exit: 0 }
}

/** To another state, from one of those given; being there already is as good. */
async function turn({ db }: App, name: string, to: EditionState, from: EditionState[]): Promise<Result> {
  const edition = await named(db, name)
  const changed = await setEditionState(db, edition.id, to, from)
  const told = await tell(db, edition)
  const isThere = to === 'paused' ? told.state === 'paused' : ['ready', 'sending'].includes(told.state)
  if (!changed && !isThere) {
    throw new Failure('edition.state', { edition: nameOf(told), state: told.state, needs: from.join(' or ') })
  }
  const { due, claimed } = told.deliveries
  const left = `${count(due + claimed, 'message')} to go`
  const text =
    to === 'paused'
      ? `${nameOf(told)} is paused, ${left}. What is in the air still arrives. Go on: broadsheet editions resume ${nameOf(told)}`
      : `${nameOf(told)} goes on, ${left}: with the next broadsheet deliver or run.`
  return { json: { ...told, changed }, text, exit: 0 }
}

async function settle({ db, now }: App, name: string, whose: string[], options: ReconcileOptions): Promise<Result> {
  const verdicts = (['submitted', 'refused', 'again'] as const).filter((verdict) => options[verdict])
  const [verdict] = verdicts
  if (verdict === undefined || verdicts.length > 1) {
    throw new Failure('usage.wrong', { needs: 'one of --submitted, --refused and --again' })
  }
  if (options.all === whose.length > 0) throw new Failure('usage.wrong', { needs: 'addresses, or --all' })
  const edition = await named(db, name)
  if (verdict === 'again' && edition.state === 'cancelled') {
    throw new Failure('edition.state', { edition: nameOf(toName(edition)), state: edition.state })
  }
  const uncertain = await listUncertain(db, edition.id)
  const chosen = options.all ? uncertain : whose.map((address) => uncertainOf(uncertain, address, edition))
  const ids = chosen.map(({ id }) => id)
  const settled = await reconcile(db, { editionId: edition.id, ids, verdict, now: now() })
  const told = await tell(db, edition)
  const text = `${nameOf(told)}: ${count(settled, 'message')} ${verdict === 'again' ? 'due again' : verdict}, ${told.deliveries.uncertain} uncertain.`
  return { json: { ...told, settled }, text, exit: 0 }
}

function uncertainOf(uncertain: UncertainDelivery[], address: string, edition: Edition): UncertainDelivery {
  const { key } = parseAddress(address)
  const found = uncertain.find(({ email }) => parseAddress(email).key === key)
  if (found === undefined) throw new Failure('edition.certain', { edition: nameOf(toName(edition)), address })
  return found
}

/** Throws Failure `edition.unknown` where a name means no edition or several. */
async function named(db: Database, name: string): Promise<Edition> {
  const found = await findEditions(db, name)
  const [edition] = found
  if (edition !== undefined && found.length === 1) return edition
  const several = found.map(toName).map(nameOf).join(', ')
  throw new Failure('edition.unknown', { edition: name, ...(several !== '' && { several }) })
}

/** What most readers get, as files for the eye; the newest form of it, where there are several. */
async function openFile(
  { root, addresses, site }: App['config'],
  { newsletterId, number, slices }: Edition,
): Promise<{ html: string } | undefined> {
  const slice = slices.at(-1)
  if (slice === undefined) return undefined
  const email = site.editor?.email ?? 'reader@example.com'
  const { html } = personalize(slice, { unsubscribe: unsubscribeAddress(addresses, 'preview'), email })
  const directory = join(root, 'var', 'preview')
  await mkdir(directory, { recursive: true })
  const file = join(directory, `${newsletterId}-${number}.html`)
  await writeAtomically(file, html)
  openInBrowser(file)
  return { html: file }
}
