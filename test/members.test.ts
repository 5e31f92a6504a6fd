// What is in a feed, whatever happens to its articles in whatever order, and wherever the work is cut short.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Feed } from '../src/model.ts'
import { updateMembers } from '../src/members.ts'
import { correctArticle } from '../src/store/article-corrections.ts'
import { excludeArticle, restoreArticle, withdrawArticle } from '../src/store/article-fates.ts'
import { saveArticle } from '../src/store/articles.ts'
import { openDatabase, type Database } from '../src/store/database.ts'
import { archivePage, newestEntries } from '../src/store/feed-entries.ts'
import { feedStates } from '../src/store/feed-states.ts'
import { articlesTouchedAfter } from '../src/store/touches.ts'
import { feed } from './feeds/nouns.ts'
import { watched } from './press.ts'
import { describeOnEveryDatabase } from './store/databases.ts'
import { article, at, keysOf, pathOf } from './store/nouns.ts'

const topics = ['sea', 'sport', 'news']
const sea = feed({ id: 'sea', where: { topics: ['sea'] }, each: ['topic'] })

interface Step {
  act: 'save' | 'withdraw' | 'restore' | 'exclude' | 'include' | 'correct' | 'publish'
  number: number
  topic: number
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('save', 'save', 'save', 'withdraw', 'restore', 'exclude', 'include', 'correct', 'publish'),
  number: fc.nat(11),
  topic: fc.nat(2),
})

const idOf = (number: number) => `a${String(number).padStart(3, '0')}`

/** Does it to the store, and to the plainest model of it. */
async function take(
  db: Database,
  model: Map<string, { topic: string; isOut: boolean; isGone: boolean }>,
  one: Step,
  minute: number,
) {
  const id = idOf(one.number)
  const now = at(minute)
  const topic = topics[one.topic]!
  const known = model.get(id)
  if (one.act === 'publish') {
    await updateMembers(db, sea, now)
    return
  }
  if (one.act === 'save') {
    if (known !== undefined) return
    const made = article({ id, url: `https://gazette.example/${id}`, topics: [topic], firstSeenAt: now })
    await saveArticle(db, made, keysOf(made), pathOf(made))
    model.set(id, { topic, isOut: false, isGone: false })
    return
  }
  if (known === undefined) return
  const by = { by: 'editor' as const, why: 'so', now }
  if (one.act === 'withdraw') await withdrawArticle(db, id, by).then(() => (known.isGone = true))
  if (one.act === 'restore') await restoreArticle(db, id, by).then(() => (known.isGone = false))
  if (one.act === 'exclude') await excludeArticle(db, id, true, now).then(() => (known.isOut = true))
  if (one.act === 'include') await excludeArticle(db, id, false, now).then(() => (known.isOut = false))
  if (one.act === 'correct') await correctArticle(db, id, { topics: [topic] }, now).then(() => (known.topic = topic))
}

async function shownIn(db: Database, feedId: string): Promise<string[]> {
  return (await newestEntries(db, feedId, { limit: 1000 })).articles.map(({ id }) => id).toSorted()
}

async function wholeOf(db: Database, one: Feed) {
  const states = await feedStates(db, one.id)
  return Promise.all(
    states.map(async ({ feedId, pages, entries }) => {
      const numbers = Array.from({ length: pages }, (_, index) => index + 1)
      const all = await Promise.all(numbers.map((page) => archivePage(db, { feedId, page })))
      return {
        feedId,
        entries,
        pages: all.map((page) => [page.entries.map((each) => each.article.id), page.gone.length]),
      }
    }),
  )
}

describeOnEveryDatabase('members', (open) => {
  it('are what a plain model says, after whatever happened in whatever order', async function () {
    this.timeout(120_000)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const db = await open()
        const model = new Map<string, { topic: string; isOut: boolean; isGone: boolean }>()
        for (const [minute, one] of steps.entries()) await take(db, model, one, minute)
        await updateMembers(db, sea, at(1000))
        const expected = [...model].filter(([, { topic, isOut, isGone }]) => topic === 'sea' && !isOut && !isGone)
        assert.deepEqual(await shownIn(db, 'sea'), expected.map(([id]) => id).toSorted())
        assert.deepEqual(await shownIn(db, 'sea/topic/sea'), await shownIn(db, 'sea'))
        for (const { entries, pages } of await wholeOf(db, sea)) {
          const seen = pages.flatMap(([ids]) => ids as string[])
          assert.equal(new Set(seen).size, seen.length)
          assert.equal(seen.length + pages.reduce((sum, [, gone]) => sum + (gone as number), 0), entries)
        }
      }),
      { numRuns: 15 },
    )
  })
})

describeOnEveryDatabase('members, brought up to date by several at once', (open) => {
  it('are each in one place, and what comes later is added to them', async () => {
    const db = await open()
    const one = feed({ id: 'all', each: ['topic'] })
    let number = 0
    for (const more of [50, 450, 5]) {
      for (const last = number + more; number < last; number += 1) {
        const id = idOf(number)
        const made = article({
          id,
          url: `https://gazette.example/${id}`,
          topics: [topics[number % 2]!],
          firstSeenAt: at(number),
        })
        await saveArticle(db, made, keysOf(made), pathOf(made))
      }
      await Promise.all([1, 2, 3].map(() => updateMembers(db, one, at(1000))))
    }
    const [whole, ...made] = await wholeOf(db, one)
    assert.deepEqual(
      whole!.pages.map(([ids]) => (ids as string[]).length),
      [100, 100, 100, 100, 100, 5],
    )
    assert.deepEqual([whole!.entries, ...made.map(({ entries }) => entries)], [505, 253, 252])
  })
})

describe('members of feeds made for each', function () {
  this.timeout(120_000)

  it('are not made for ever: what has thousands of values is no topic', async () => {
    const store = await openDatabase(':memory:')
    const { db } = store
    for (let number = 0; number < 170; number += 1) {
      const id = idOf(number)
      const tags = Array.from({ length: 30 }, (_, index) => `tag ${number} ${index}`)
      const made = article({ id, url: `https://gazette.example/${id}`, topics: tags, firstSeenAt: at(number) })
      await saveArticle(db, made, keysOf(made), pathOf(made))
    }
    const { states } = await updateMembers(db, feed({ id: 'all', each: ['topic'] }), at(1000))
    assert.deepEqual([states.length, states[0]?.entries], [1 + 5000, 170])
    await store.close()
  })
})

describe('members, cut short', function () {
  this.timeout(120_000)

  it('are the same in the end, at whatever statement the work broke off', async () => {
    const fill = async (db: Database) => {
      for (let number = 0; number < 230; number += 1) {
        const id = idOf(number)
        const made = article({
          id,
          url: `https://gazette.example/${id}`,
          topics: [topics[number % 2]!],
          firstSeenAt: at(number),
        })
        await saveArticle(db, made, keysOf(made), pathOf(made))
      }
    }
    const change = async (db: Database) => {
      await withdrawArticle(db, idOf(4), { by: 'editor', why: 'so', now: at(500) })
      await correctArticle(db, idOf(6), { topics: ['news'] }, at(500))
      const late = article({ id: 'late', url: 'https://gazette.example/late', topics: ['sea'], firstSeenAt: at(501) })
      await saveArticle(db, late, keysOf(late), pathOf(late))
    }
    const undisturbed = await openDatabase(':memory:')
    await fill(undisturbed.db)
    await updateMembers(undisturbed.db, sea, at(600))
    await change(undisturbed.db)
    await updateMembers(undisturbed.db, sea, at(600))
    const expected = await wholeOf(undisturbed.db, sea)
    await undisturbed.close()

    const store = await openDatabase(':memory:')
    await fill(store.db)
    let broken = 0
    const breakAt = async (statement: number): Promise<boolean> => {
      let left = statement
      const frail = watched(store.db, (instant) => {
        if (instant === 'before' && left-- === 0) throw new Error('cut short')
      })
      try {
        await updateMembers(frail, sea, at(600))
        return false
      } catch (error) {
        assert.match(String(error), /cut short/)
        broken += 1
        return true
      }
    }
    // Each time a statement later, until it comes through.
    for (let statement = 0; await breakAt(statement); statement += 1);
    await change(store.db)
    for (let statement = 0; await breakAt(statement); statement += 1);
    assert.ok(broken > 10, String(broken))
    assert.deepEqual(await wholeOf(store.db, sea), expected)
    await store.close()
  })

  it('miss no write: whatever changes an article is seen as a change', async () => {
    const store = await openDatabase(':memory:')
    const { db } = store
    const one = article()
    const seenBy = async (write: () => Promise<unknown>) => {
      const before = (await articlesTouchedAfter(db, { touched: -1, id: '' }, 9)).at(-1)?.touched ?? 0
      await write()
      return (await articlesTouchedAfter(db, { touched: before, id: '\uffff' }, 9)).length
    }
    const now = at(9)
    const by = { by: 'editor' as const, why: 'so', now }
    assert.equal(await seenBy(() => saveArticle(db, one, keysOf(one), pathOf(one))), 1)
    assert.equal(await seenBy(() => saveArticle(db, one, keysOf(one), pathOf(one))), 0)
    assert.equal(await seenBy(() => saveArticle(db, { ...one, title: 'Other' }, keysOf(one), pathOf(one))), 1)
    assert.equal(await seenBy(() => withdrawArticle(db, one.id, by)), 1)
    assert.equal(await seenBy(() => restoreArticle(db, one.id, by)), 1)
    assert.equal(await seenBy(() => excludeArticle(db, one.id, true, now)), 1)
    assert.equal(await seenBy(() => correctArticle(db, one.id, { title: 'Third' }, now)), 1)
    await store.close()
  })
})
