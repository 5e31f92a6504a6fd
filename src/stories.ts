/** One story is shown once: which of the articles that tell it a feed or an edition shows. */
import { type Article } from './model.ts'
import { type Database } from './store/database.ts'
import { copiesAmong, storiesOf } from './store/stories.ts'

/**
 * These articles without those that only tell again what another one tells that is chosen as well: the original, or else
 * the copy that was seen first. What a choice does not let through, such as a source that a feed has nothing of, keeps no
 * copy out; what an editor keeps out is kept out with all its copies.
 */
export async function withoutCopies(
  db: Database,
  articles: Article[],
  isChosen: (article: Article) => boolean = () => true,
): Promise<Article[]> {
  const copies = await copiesAmong(
    db,
    articles.map(({ id }) => id),
  )
  if (copies.size === 0) return articles
  const stories = await storiesOf(db, [...copies.values()])
  return articles.filter(({ id }) => {
    const story = stories.get(copies.get(id) ?? '')
    return story === undefined || (!story.isKeptOut && story.tellings.find(isChosen)?.id === id)
  })
}
