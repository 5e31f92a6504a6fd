import assert from 'node:assert/strict'
import { saveArticle } from '../../src/store/articles.ts'
import { noteItem, notedItem } from '../../src/store/items.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { article } from './nouns.ts'

describeOnEveryDatabase('store/items', (open) => {
  const seen = { sourceId: 'main', key: 'guid:1', hash: 'a' }

  it('knows an item by what its source said of it, and no other', async () => {
    const db = await open()
    const { id } = article()
    await saveArticle(db, article(), ['guid:1'], '/1')
    assert.equal(await notedItem(db, seen), undefined)
    await noteItem(db, seen, id)
    assert.deepEqual(await notedItem(db, seen), { articleId: id })
    for (const change of [{ sourceId: 'other' }, { key: 'guid:2' }, { hash: 'b' }])
      assert.equal(await notedItem(db, { ...seen, ...change }), undefined, JSON.stringify(change))
  })

  it('keeps only what was said last', async () => {
    const db = await open()
    await saveArticle(db, article(), ['guid:1'], '/1')
    await noteItem(db, seen, article().id)
    await noteItem(db, { ...seen, hash: 'b' }, article().id)
    assert.equal(await notedItem(db, seen), undefined)
    assert.deepEqual(await notedItem(db, { ...seen, hash: 'b' }), { articleId: article().id })
    await noteItem(db, seen)
    assert.deepEqual(await notedItem(db, seen), {})
  })
})
