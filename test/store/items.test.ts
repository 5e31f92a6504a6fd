import assert from 'node:assert/strict'
import { saveArticle } from '../../src/store/articles.ts'
import { noteItem, unchangedItem } from '../../src/store/items.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { article } from './nouns.ts'

describeOnEveryDatabase('store/items', (open) => {
  const seen = { sourceId: 'main', key: 'guid:1', hash: 'a' }

  it('knows an item by what its source said of it, and no other', async () => {
    const db = await open()
    const { id } = article()
    await saveArticle(db, article(), ['guid:1'], '/1')
    assert.equal(await unchangedItem(db, seen), undefined)
    await noteItem(db, seen, id)
    assert.equal(await unchangedItem(db, seen), id)
    for (const change of [{ sourceId: 'other' }, { key: 'guid:2' }, { hash: 'b' }])
      assert.equal(await unchangedItem(db, { ...seen, ...change }), undefined, JSON.stringify(change))
  })

  it('keeps only what was said last', async () => {
    const db = await open()
    await saveArticle(db, article(), ['guid:1'], '/1')
    await noteItem(db, seen, article().id)
    await noteItem(db, { ...seen, hash: 'b' }, article().id)
    assert.equal(await unchangedItem(db, seen), undefined)
    assert.equal(await unchangedItem(db, { ...seen, hash: 'b' }), article().id)
  })
})
