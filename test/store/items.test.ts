import assert from 'node:assert/strict'
import { saveArticle } from '../../src/store/articles.ts'
import { type Database } from '../../src/store/database.ts'
import { noteItem, notedItems } from '../../src/store/items.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { article } from './nouns.ts'

describeOnEveryDatabase('store/items', (open) => {
  const seen = { sourceId: 'main', key: 'guid:1', hash: 'a' }
  const noted = async (db: Database, sourceId = 'main', ...keys: string[]) => [
    ...(await notedItems(db, sourceId, ['guid:1', ...keys])),
  ]

  it('knows items by what their source said of them, and no others', async () => {
    const db = await open()
    const { id } = article()
    await saveArticle(db, article(), ['guid:1'], '/1')
    assert.deepEqual(await noted(db), [])
    await noteItem(db, seen, id)
    await noteItem(db, { sourceId: 'other', key: 'guid:2', hash: 'c' })
    assert.deepEqual(await noted(db, 'main', 'guid:2'), [['guid:1', { hash: 'a', articleId: id }]])
    assert.deepEqual(await noted(db, 'other', 'guid:2'), [['guid:2', { hash: 'c' }]])
    assert.deepEqual([...(await notedItems(db, 'main', []))], [])
  })

  it('is asked for more of them than one statement takes', async () => {
    const db = await open()
    await noteItem(db, { ...seen, key: 'guid:0' })
    await noteItem(db, { ...seen, key: 'guid:2999' })
    const many = Array.from({ length: 3000 }, (_, at) => `guid:${at}`)
    assert.deepEqual([...(await notedItems(db, 'main', many)).keys()].toSorted(), ['guid:0', 'guid:2999'])
  })

  it('keeps only what was said last', async () => {
    const db = await open()
    await saveArticle(db, article(), ['guid:1'], '/1')
    await noteItem(db, seen, article().id)
    await noteItem(db, { ...seen, hash: 'b' }, article().id)
    assert.deepEqual(await noted(db), [['guid:1', { hash: 'b', articleId: article().id }]])
    await noteItem(db, seen)
    assert.deepEqual(await noted(db), [['guid:1', { hash: 'a' }]])
  })
})
