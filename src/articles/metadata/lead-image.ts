/** The picture that leads the article. */
import { type Picture } from '../../model.ts'
import { absolute } from '../links.ts'
import { type Claim, claimsOf } from './claim.ts'
import { isData, listOf, textOf } from './data.ts'
import { type Page } from './page.ts'

export function claimImage(page: Page): Claim<Picture>[] {
  const { article, base } = page
  const [alt] = page.meta('og:image:alt', 'twitter:image:alt')
  const named = page.meta('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src')
  const linked = page.marked.find(({ element, roles }) => element.name === 'link' && roles.includes('image_src'))
  const source = linked?.element.attribs['href'] ?? page.props('image')[0]?.element.attribs['content']
  return [
    ...claimsOf('JSON-LD image', 0.9, [...picturesOf(article['image'], base), ...picturesOf(article['thumbnailUrl'], base)].slice(0, 1)),
    ...claimsOf('og:image', 0.8, named.flatMap((address) => picturesOf(address, base)).slice(0, 1).map((picture) => ({ ...picture, ...(alt === undefined ? {} : { alt }) }))),
    ...claimsOf('link rel=image_src', 0.6, picturesOf(source, base)),
  ] // prettier-ignore
}

export function isSamePicture(a: Picture, b: Picture): boolean {
  return a.url === b.url
}

function picturesOf(value: unknown, base: string): Picture[] {
  const [one] = listOf(value)
  const address = isData(one) ? (one['url'] ?? one['contentUrl'] ?? one['@id']) : one
  const url = typeof address === 'string' ? absolute(address, base) : undefined
  if (url === undefined) return []
  const caption = isData(one) ? textOf(one['caption']) : undefined
  const credit = isData(one) ? textOf(one['creditText']) : undefined
  return [{ url, ...(caption === undefined ? {} : { caption }), ...(credit === undefined ? {} : { credit }) }]
}
