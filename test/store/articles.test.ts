import { strict as assert } from 'node:assert'
import { type Origins } from '../../src/item.ts'
import { type SafeHtml } from '../../src/model.ts'
import {
  articleByUrl,
  articlesById,
  articlesSeenAfter,
  findKnown,
  findMoved,
  findNamed,
  newestArticles,
  saveArticle,
} from '../../src/store/articles.ts'
import { filedById } from '../../src/store/article-search.ts'
import { type Database } from '../../src/store/database.ts'
import { addEdition } from '../../src/store/editions.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { article, at, edition, keysOf, pathOf, slice } from './nouns.ts'

describeOnEveryDatabase('store/articles', (open) => {
  it('gives an article back as it was saved, with all that it can have', async () => {
    const db = await open()
    const full = article({
      guid: 'tag:gazette.example,2026:1',
      title: 'Vector<int> & “List” 🚢',
      authors: ['Ada Moor', 'Jón Þór'],
      topics: [],
      language: 'en-GB',
      images: [
        {
          url: 'https://gazette.example/a.jpg',
          alt: 'A boat',
          caption: 'At dawn',
          credit: 'A. Moor',
          type: 'image/jpeg',
          bytes: 9,
          width: 3,
          height: 2,
        },
        { url: 'https://gazette.example/b.jpg' },
      ],
      enclosures: [
        { url: 'https://gazette.example/a.mp3', type: 'audio/mpeg', bytes: 123456, title: 'Listen' },
        { url: 'https://gazette.example/b.mp3', type: 'audio/mpeg', bytes: 0 },
      ],
      publishedAt: at(-10),
      updatedAt: at(-5),
    })
    assert.equal(await saveArticle(db, full, keysOf(full), pathOf(full)), 'added')
    assert.deepEqual(await articlesById(db, ['a1']), [full])
  })

  it('gives an article back as it was saved, with as little as it can have', async () => {
    const db = await open()
    const bare = article({ authors: [], topics: [] })
    await saveArticle(db, bare, keysOf(bare), pathOf(bare))
    assert.deepEqual(await articlesById(db, ['a1']), [bare])
  })

  it('saves the same article again as unchanged', async () => {
    const db = await open()
    await save(db, article())
    assert.equal(await save(db, article()), 'unchanged')
    assert.equal((await newestArticles(db, { limit: 10 })).length, 1)
  })

  it('notes of an unchanged article that it is whole, and changes nothing else', async () => {
    const db = await open()
    const details = { now: at(0), why: 'the site changed it' }
    const cut = { title: { place: '<h1>' }, text: { place: '2 pages', lacks: 'pages' as const } }
    const save = (origins: Origins) =>
      saveArticle(db, article(), keysOf(article()), pathOf(article()), { ...details, origins })
    assert.equal(await save(cut), 'added')
    const before = await articlesById(db, ['a1'])
    assert.equal(await save({ ...cut, text: { place: '2 pages' } }), 'unchanged')
    assert.deepEqual((await filedById(db, 'a1'))?.origins, { ...cut, text: { place: '2 pages' } })
    assert.deepEqual(await articlesById(db, ['a1']), before)
    assert.equal(await save({ title: { place: 'elsewhere' }, text: { place: 'one' } }), 'unchanged')
    assert.deepEqual((await filedById(db, 'a1'))?.origins, { ...cut, text: { place: '2 pages' } })
  })

  it('saves a changed article as updated, and forgets what it no longer has', async () => {
    const db = await open()
    await save(db, article({ language: 'en', publishedAt: at(-9) }))
    const changed = article({ title: 'Another title', html: '<p>More.</p>' as SafeHtml })
    assert.equal(await save(db, changed), 'updated')
    assert.deepEqual(await articlesById(db, ['a1']), [changed])
  })

  it('keeps the moment when an article was first seen', async () => {
    const db = await open()
    await save(db, article({ firstSeenAt: at(0) }))
    assert.equal(await save(db, article({ firstSeenAt: at(7) })), 'unchanged')
    assert.deepEqual((await articlesById(db, ['a1']))[0]?.firstSeenAt, at(0))
  })

  it('finds an article by any key that it ever had', async () => {
    const db = await open()
    const before = article({ guid: 'one' })
    const after = article({ guid: 'two', url: 'https://gazette.example/moved' })
    await save(db, before)
    await save(db, after)
    for (const key of [...keysOf(before), ...keysOf(after)]) {
      assert.deepEqual(await findKnown(db, 'main', ['url:elsewhere', key]), after, key)
    }
  })

  it('finds no article by the key of another source, by an unknown key or by none', async () => {
    const db = await open()
    await save(db, article())
    assert.equal(await findKnown(db, 'desk', keysOf(article())), undefined)
    assert.equal(await findKnown(db, 'main', ['url:elsewhere']), undefined)
    assert.equal(await findKnown(db, 'main', []), undefined)
  })

  it('names whose keys these are, of two articles the first one first', async () => {
    const db = await open()
    await save(db, article({ id: 'b1', guid: 'b', firstSeenAt: at(2) }))
    await save(db, article({ id: 'a2', firstSeenAt: at(1) }))
    await save(db, article({ id: 'a1', firstSeenAt: at(1) }))
    await save(db, article({ id: 'c1', sourceId: 'desk' }))
    const url = (id: string) => `https://gazette.example/news/${id}`
    const keys = [...['b1', 'a1', 'a2', 'c1'].map((id) => `url:${url(id)}`), 'guid:b', 'url:elsewhere']
    const named = await findNamed(db, 'main', [...keys, ...Array.from({ length: 2000 }, (_, at) => `guid:${at}`)])
    assert.deepEqual(
      named.slice(0, 2),
      ['a1', 'a2'].map((id) => ({ key: `url:${url(id)}`, url: url(id) })),
    )
    assert.deepEqual(
      named.slice(2).toSorted((one, other) => (one.key < other.key ? -1 : 1)),
      ['guid:b', `url:${url('b1')}`].map((key) => ({ key, url: url('b1'), guid: 'b' })),
    )
    assert.deepEqual(await findNamed(db, 'main', []), [])
  })

  it('keeps the first of two articles with one URL', async () => {
    const db = await open()
    const first = article({ id: 'a1', url: 'https://gazette.example/one' })
    assert.equal(await save(db, first), 'added')
    assert.equal(await save(db, article({ id: 'a2', url: 'https://gazette.example/one' })), 'unchanged')
    assert.deepEqual(await newestArticles(db, { limit: 10 }), [first])
  })

  it('keeps two articles of two sources at one URL, and gives the one first seen', async () => {
    const db = await open()
    const url = 'https://gazette.example/one'
    await save(db, article({ id: 'a1', sourceId: 'desk', url, firstSeenAt: at(2) }))
    await save(db, article({ id: 'a2', sourceId: 'main', url, firstSeenAt: at(1) }))
    assert.equal((await articleByUrl(db, url))?.id, 'a2')
    assert.equal(await articleByUrl(db, 'https://gazette.example/two'), undefined)
  })

  it('leaves a key with the article that had it first', async () => {
    const db = await open()
    await save(db, article({ id: 'a1' }))
    await save(db, article({ id: 'a2' }))
    // The second one moves to where the first one is.
    await saveArticle(db, article({ id: 'a2', title: 'Moved' }), ['url:https://gazette.example/news/a1'], '/news/a1')
    assert.equal((await findKnown(db, 'main', ['url:https://gazette.example/news/a1']))?.id, 'a1')
  })

  it('saves an article that has no keys', async () => {
    const db = await open()
    assert.equal(await saveArticle(db, article(), [], '/news/a1'), 'added')
  })

  it('saves nothing of an article whose keys cannot be saved', async () => {
    const db = await open()
    await assert.rejects(saveArticle(db, article(), [null as unknown as string], '/news/a1'))
    assert.deepEqual(await newestArticles(db, { limit: 10 }), [])
  })

  it('offers articles of the same source with the same path, text or title as moved: the same text first', async () => {
    const db = await open()
    await save(db, article({ id: 'title', title: 'T' }))
    await save(db, article({ id: 'path', url: 'https://other.example/p' }))
    await save(db, article({ id: 'text', hash: 'H' }))
    await save(db, article({ id: 'none' }))
    await save(db, article({ id: 'elsewhere', sourceId: 'desk', title: 'T', hash: 'H', url: 'https://a.example/p' }))
    const found = await findMoved(db, 'main', { path: '/p', hash: 'H', title: 'T' })
    assert.deepEqual(
      found.map(({ id }) => id),
      ['text', 'path', 'title'],
    )
  })

  it('compares long titles to their ends', async () => {
    const db = await open()
    const long = 'x'.repeat(5000)
    await save(db, article({ id: 'a1', title: `${long}1` }))
    await save(db, article({ id: 'a2', title: `${long}2` }))
    const found = await findMoved(db, 'main', { path: '', hash: '', title: `${long}2` })
    assert.deepEqual(
      found.map(({ id }) => id),
      ['a2'],
    )
  })

  it('offers no more than fifty articles as moved, and the likeliest is among them', async () => {
    const db = await open()
    await save(db, article({ id: 'same', title: 'Notices', hash: 'H', firstSeenAt: at(-1) }))
    for (let day = 0; day < 60; day += 1) {
      await save(db, article({ id: `day${String(day)}`, title: 'Notices', firstSeenAt: at(day) }))
    }
    const found = await findMoved(db, 'main', { path: '', hash: 'H', title: 'Notices' })
    assert.equal(found.length, 50)
    assert.equal(found[0]?.id, 'same')
    assert.equal(found[1]?.id, 'day59')
  })

  it('gives the newest first: by when they were published, or else first seen', async () => {
    const db = await open()
    await save(db, article({ id: 'seen', firstSeenAt: at(5) }))
    await save(db, article({ id: 'old', firstSeenAt: at(9), publishedAt: at(-9) }))
    await save(db, article({ id: 'fresh', firstSeenAt: at(1), publishedAt: at(6) }))
    assert.deepEqual(await idsOf(newestArticles(db, { limit: 10 })), ['fresh', 'seen', 'old'])
    assert.deepEqual(await idsOf(newestArticles(db, { limit: 2 })), ['fresh', 'seen'])
  })

  it('moves an article in that order when its date is corrected', async () => {
    const db = await open()
    await save(db, article({ id: 'a1', publishedAt: at(1) }))
    await save(db, article({ id: 'a2', publishedAt: at(2) }))
    await save(db, article({ id: 'a1', publishedAt: at(3) }))
    assert.deepEqual(await idsOf(newestArticles(db, { limit: 10 })), ['a1', 'a2'])
  })

  it('goes on where it stopped, also among articles of one moment', async () => {
    const db = await open()
    for (const id of ['b', 'd', 'a', 'c']) await save(db, article({ id, publishedAt: at(1) }))
    await save(db, article({ id: 'z', publishedAt: at(0) }))
    const seen: string[] = []
    let page = await newestArticles(db, { limit: 2 })
    while (page.length > 0) {
      seen.push(...page.map(({ id }) => id))
      page = await newestArticles(db, { limit: 2, before: page.at(-1) })
    }
    assert.deepEqual(seen, ['d', 'c', 'b', 'a', 'z'])
  })

  it('gives articles of the sources that are asked for, and of none for no source', async () => {
    const db = await open()
    await save(db, article({ id: 'a1', sourceId: 'main' }))
    await save(db, article({ id: 'a2', sourceId: 'desk' }))
    await save(db, article({ id: 'a3', sourceId: 'wire' }))
    assert.deepEqual(await idsOf(newestArticles(db, { sources: ['main', 'desk'], limit: 9 })), ['a2', 'a1'])
    assert.deepEqual(await idsOf(newestArticles(db, { sources: [], limit: 9 })), [])
    assert.deepEqual(await idsOf(articlesSeenAfter(db, at(-1), { sources: ['wire'] })), ['a3'])
    assert.deepEqual(await idsOf(articlesSeenAfter(db, at(-1), { sources: [] })), [])
  })

  it('gives what was first seen after a moment, oldest first, and not what was seen at it', async () => {
    const db = await open()
    await save(db, article({ id: 'later', firstSeenAt: at(2), publishedAt: at(-99) }))
    await save(db, article({ id: 'sooner', firstSeenAt: at(1) }))
    await save(db, article({ id: 'then', firstSeenAt: at(0) }))
    assert.deepEqual(await idsOf(articlesSeenAfter(db, at(0))), ['sooner', 'later'])
  })

  for (const seenAt of [3, 5]) {
    it(`lets an article seen at ${String(seenAt)} be new to readers whose edition went up to 5 before it was saved`, async () => {
      const db = await open()
      await addEdition(db, edition({ slices: [slice({ upTo: at(4) }), slice({ id: 's2', upTo: at(5) })] }))
      await save(db, article({ firstSeenAt: at(seenAt) }))
      assert.deepEqual(await idsOf(articlesSeenAfter(db, at(5))), ['a1'])
      assert.deepEqual((await articlesById(db, ['a1']))[0]?.firstSeenAt, new Date(at(5).getTime() + 1))
    })
  }

  it('leaves the moment as it is when the last edition was before it', async () => {
    const db = await open()
    await addEdition(db, edition({ slices: [slice({ upTo: at(2) })] }))
    await save(db, article({ firstSeenAt: at(3) }))
    assert.deepEqual((await articlesById(db, ['a1']))[0]?.firstSeenAt, at(3))
  })

  it('gives articles in the order of the ids, without those that are not there', async () => {
    const db = await open()
    for (const id of ['a1', 'a2', 'a3']) await save(db, article({ id }))
    assert.deepEqual(await idsOf(articlesById(db, ['a3', 'gone', 'a1'])), ['a3', 'a1'])
    assert.deepEqual(await articlesById(db, []), [])
  })

  it('looks up more ids than one statement can name', async () => {
    const db = await open()
    await save(db, article())
    const many = Array.from({ length: 70_000 }, (_, number) => `none${String(number)}`)
    assert.deepEqual(await idsOf(articlesById(db, [...many, 'a1'])), ['a1'])
  })

  for (const [column, value] of [
    ['authors', '["Ada", 3]'],
    ['topics', '{}'],
    ['images', '[{"alt":"no address"}]'],
    ['enclosures', '[{"url":"https://a.example/","type":"audio/mpeg","bytes":"9"}]'],
    ['enclosures', 'nothing'],
  ] as const) {
    it(`refuses ${column} that hold ${value}`, async () => {
      const db = await open()
      await save(db, article())
      await db
        .updateTable('article')
        .set({ [column]: value })
        .execute()
      await assert.rejects(newestArticles(db, { limit: 1 }), {
        code: 'database.unusable',
        message: new RegExp(`article\\.${column}`),
      })
    })
  }
})

function save(db: Database, saved: ReturnType<typeof article>) {
  return saveArticle(db, saved, keysOf(saved), pathOf(saved))
}

async function idsOf(articles: Promise<{ id: string }[]>): Promise<string[]> {
  return (await articles).map(({ id }) => id)
}
