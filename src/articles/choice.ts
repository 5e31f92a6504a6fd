/** Which articles a feed or a newsletter is made of. */
import { type Article, type Choice } from '../model.ts'

/** Whether every condition that is given holds; of several sources, topics or authors, one suffices. */
export function matches(article: Article, choice: Choice): boolean {
  return (
    isAmong([article.sourceId], choice.sources, (id) => id) &&
    isAmong(article.topics, choice.topics, fold) &&
    isAmong(article.authors, choice.authors, fold) &&
    (choice.text === undefined || fold(`${article.title}\n${article.text}`).includes(fold(choice.text)))
  )
}

function isAmong(values: string[], wanted: string[] | undefined, even: (value: string) => string): boolean {
  if (wanted === undefined || wanted.length === 0) return true
  const names = new Set(wanted.map(even))
  return values.some((value) => names.has(even(value)))
}

/** One spelling for comparison: of case, of Unicode form and of white space. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
