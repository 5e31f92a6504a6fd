// What people's own readers see of a paper that runs, compared with what its store holds.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FeedFile } from '../src/addresses.ts'
import { makeFolder, skipLoudly } from './folders.ts'
import { readHistory } from './history.ts'
import { added, first, titles } from './readers/articles.ts'
import { compare, wantedOf } from './readers/compare.ts'
import { feedsmith, npmFeedparser, rssParser } from './readers/libraries.ts'
import { newsboat } from './readers/newsboat.ts'
import { openPaper, type Paper } from './readers/paper.ts'
import { pythonFeedparser } from './readers/python-feedparser.ts'
import { type Polled, type Reader, type Sight, type Subscription } from './readers/reader.ts'
import { rss2email } from './readers/rss2email.ts'
import { sfeed } from './readers/sfeed.ts'
import { tableOf } from './readers/table.ts'
import { repository } from './sample.ts'

const readers = [newsboat, sfeed, pythonFeedparser, rss2email, npmFeedparser, rssParser, feedsmith]

/** Feeds of one that went elsewhere, and of one that ended. */
const moved = 'wire/rss.xml'
const ended = 'quiz/rss.xml'

interface Held {
  subscription: Subscription
  polled: Polled
}

describe('docs/readers.md', () => {
  it('says what the readers are held to', async () => {
    const path = join(repository, 'docs', 'readers.md')
    const page = await readFile(path, 'utf8')
    const made = page.replace(
      /(<!-- prettier-ignore-start -->\n\n)[^]*(<!-- prettier-ignore-end -->)/,
      (_, open: string, close: string) => `${open}${tableOf(readers)}\n\n${close}`,
    )
    if (process.env['FIXTURES'] === 'write') await writeFile(path, made)
    else assert.equal(page, made, 'FIXTURES=write writes it anew')
  })
})

describe('real readers @slow', function () {
  this.timeout(600_000)
  let paper: Paper
  let homes: string
  const ending: (() => Promise<void>)[] = []
  const held = new Map<string, Held>()

  /** With a folder that nobody else has. */
  const subscribe = async (reader: Reader, url: string) => reader.subscribe(url, await mkdtemp(join(homes, 'reader-')))
  /** The reader's own subscription to that feed, polled once when it is new. */
  const hold = async (reader: Reader, path: string): Promise<Held> => {
    const key = `${reader.name} ${path}`
    const known = held.get(key)
    if (known !== undefined) return known
    const subscription = await subscribe(reader, `${paper.url}${path}`)
    const one = { subscription, polled: await subscription.poll() }
    held.set(key, one)
    return one
  }
  /** What a reader has when it asks again. */
  const pollAgain = async (one: Held): Promise<Polled> => {
    const polled = await one.subscription.poll()
    one.polled = polled.isUnchanged === true ? { ...polled, sights: one.polled.sights } : polled
    return one.polled
  }
  const asked = () => paper.takeAsked().map(({ path, status }) => `${status} ${path.replace('/feeds/', '')}`)
  const newest = (file: FeedFile, count: number) => paper.articles.slice(0, count).map((one) => wantedOf(one, file))

  before(async () => {
    homes = await makeFolder()
    ending.push(() => rm(homes, { recursive: true }))
    paper = await openPaper()
    ending.push(() => paper.close())
  })
  after(async () => {
    for (const end of ending.toReversed()) await end()
  })

  it('have something to get wrong', () => {
    assert.equal(paper.articles.length, first.length)
    for (const title of Object.values(titles))
      assert.ok(
        paper.articles.some((one) => one.title === title),
        title,
      )
    assert.ok(paper.articles.some(({ enclosures }) => enclosures.length === 2))
    assert.ok(paper.articles.some(({ authors }) => authors.length === 3))
    assert.ok(paper.articles.some(({ html }) => html.length > 100_000))
  })

  for (const reader of readers) {
    describe(reader.name, () => {
      before(function () {
        skipWithout(this, reader)
      })

      for (const file of reader.files) {
        it(`sees in ${file} what the store holds, and nothing twice when it asks again and again`, async () => {
          paper.takeAsked()
          const one = await hold(reader, `all/${file}`)
          assert.equal(one.polled.fault, undefined)
          assert.deepEqual(asked(), [`200 all/${file}`])
          compareAll(reader, file, one.polled.sights, newest(file, 20))
          const { sights } = one.polled
          for (const time of [2, 3]) {
            const again = await pollAgain(one)
            assert.equal(again.fault, undefined)
            assert.ok(
              statusesOf(reader, time)
                .map((status) => `${status} all/${file}`)
                .includes(asked().join()),
            )
            assert.deepEqual(sorted(again.sights), sorted(sights))
          }
        })
      }

      it('sees every article once in the pages of the archive', async () => {
        for (const file of reader.files) {
          const get = async (url: string) => (await fetch(url)).text()
          const pages = (await readHistory(`${paper.url}all/${file}`, file, get)).slice(1)
          assert.ok(pages.length > 1)
          const sights: Sight[] = []
          for (const { url } of pages) {
            const subscription = await subscribe(reader, url)
            sights.push(...(await subscription.poll()).sights)
          }
          compareAll(reader, file, sights, newest(file, paper.articles.length))
        }
      })
    })
  }

  describe('the day after', () => {
    before(async () => {
      for (const reader of readers) {
        if (reader.lacks() !== undefined) continue
        for (const path of [...reader.files.map((file) => `all/${file}`), moved, ended]) await hold(reader, path)
      }
      await paper.turnDay()
      assert.equal(paper.articles.length, first.length)
      assert.match(await (await fetch(`${paper.url}all/atom.xml`)).text(), /<at:deleted-entry /)
    })

    for (const reader of readers) {
      describe(reader.name, () => {
        before(function () {
          skipWithout(this, reader)
        })

        for (const file of reader.files) {
          it(`sees in ${file} what was added and corrected, and no other article again`, async () => {
            const one = await hold(reader, `all/${file}`)
            const before = one.polled.sights
            const { sights, fault } = await pollAgain(one)
            assert.equal(fault, undefined)
            const wanted = newest(file, 20)
            assert.ok(wanted.some(({ id }) => id === added.id))
            compareAll(reader, file, latest(reader, before, sights, wanted), wanted)
          })
        }

        it('goes on with a feed that moved', async () => {
          const one = await hold(reader, moved)
          const before = one.polled.sights
          paper.takeAsked()
          const { sights, fault, next } = await pollAgain(one)
          if (reader.moved === 'refused') {
            assert.deepEqual(asked(), [`301 ${moved}`])
            assert.notEqual(fault, undefined)
            assert.deepEqual(sorted(sights), sorted(before))
            return
          }
          assert.deepEqual(asked(), [`301 ${moved}`, '200 news/rss.xml'])
          assert.equal(fault, undefined)
          const wanted = newest('rss.xml', 12)
          compareAll(reader, 'rss.xml', latest(reader, before, sights, wanted), wanted)
          if (reader.moved === 'followed') return
          assert.equal(next, `${paper.url}news/rss.xml`)
          await one.subscription.poll()
          assert.deepEqual(asked(), ['304 news/rss.xml'])
        })

        it('keeps what it has of a feed that ended', async () => {
          const one = await hold(reader, ended)
          const before = one.polled.sights
          assert.equal(before.length, 5)
          paper.takeAsked()
          const { sights } = await pollAgain(one)
          assert.deepEqual(asked(), [`410 ${ended}`])
          assert.deepEqual(sorted(sights), reader.corrected === 'as the feed is' ? [] : sorted(before))
        })
      })
    }
  })
})

function skipWithout(test: Mocha.Context, reader: Reader): void {
  const lack = reader.lacks()
  if (lack !== undefined) skipLoudly(test, `${reader.name} is not tried, for want of ${lack}`)
}

/** What a reader may be answered that asks for the same thing the second or third time. */
function statusesOf({ asksWhetherChanged }: Reader, time: number): number[] {
  if (asksWhetherChanged === 'never') return [200]
  return asksWhetherChanged === 'the 2nd time' || time > 2 ? [304] : [200, 304]
}

/** Each article that is wanted is seen once, as it is, and no other. */
function compareAll(reader: Reader, file: FeedFile, sights: Sight[], wanted: Required<Sight>[]): void {
  assert.deepEqual(sights.map(({ id }) => id).toSorted(), wanted.map(({ id }) => id).toSorted())
  for (const one of wanted)
    compare(
      reader,
      file,
      sights.find(({ id }) => id === one.id)!,
      one,
    )
}

/**
 * What a reader shows now of the articles in the feed, as its own way with corrections has it. Of a reader that keeps
 * what it once saw, everything else must have been there before.
 */
function latest(reader: Reader, before: Sight[], now: Sight[], wanted: Required<Sight>[]): Sight[] {
  if (reader.corrected === 'as the feed is') return now
  const old = new Set(sorted(before))
  const isWanted = ({ id }: Sight) => wanted.some((one) => one.id === id)
  assert.deepEqual(
    now.filter((one) => !isWanted(one) && !old.has(JSON.stringify(one))),
    [],
  )
  if (reader.corrected === 'replaced') return now.filter(isWanted)
  // Beside what it said before: only an article that says something new is there twice.
  const fresh = now.filter((one) => !old.has(JSON.stringify(one)))
  return now.filter((one) => isWanted(one) && (fresh.includes(one) || !fresh.some(({ id }) => id === one.id)))
}

function sorted(sights: Sight[]): string[] {
  return sights.map((one) => JSON.stringify(one)).toSorted()
}
