/** What the site that a page is on is called: such a name is no part of a title and no author. */
import { fold } from '../characters.ts'
import { parseUrl } from '../links.ts'
import { isData, listOf, textOf } from './data.ts'
import { oncePerPage, type Page } from './page.ts'

export interface SiteNames {
  /** Whether a text is the name of the site, however it is spelled. */
  has(text: string): boolean
}

const MADE_BY = ['publisher', 'isPartOf', 'sourceOrganization', 'provider', 'copyrightHolder']
const SITE_TYPE = /^(?:WebSite|(?:News(?:Media)?)?Organization|NewsMediaOrganization|Corporation|.*Business|Blog)$/

/** Labels of a host that are no name of anyone. */
const NO_NAME = /^(?:www\d?|m|amp|mobile|blog|blogs|news|shop|en|de|fr|com|co|org|net|gov|edu|ac|ne|or|go)$/

/** Reads the names off the page: its own statements, and the labels of its host. */
export const siteNames = oncePerPage((page: Page): SiteNames => {
  const said = page.meta('og:site_name', 'application-name', 'apple-mobile-web-app-title', 'twitter:app:name:iphone')
  const named = page.data.slice(0, 50).flatMap((node) => {
    const makers = MADE_BY.flatMap((key) => listOf(node[key])).filter(isData)
    const isSite = listOf(node['@type']).some((type) => typeof type === 'string' && SITE_TYPE.test(type))
    return [...makers, ...(isSite ? [node] : [])].flatMap((one) => [textOf(one['name']), textOf(one['alternateName'])])
  })
  const known = new Set<string>()
  for (const name of [...said, ...named]) {
    const even = dense(name ?? '')
    if (even.length > 1 && even.length < 60) known.add(even).add(even.replace(/^the/, ''))
  }
  const labels = (parseUrl(page.url)?.hostname ?? '')
    .split('.')
    .slice(0, -1)
    .filter((label) => !NO_NAME.test(label))
  const hosts = labels.map((label) => label.replaceAll('-', '')).filter((label) => label.length > 1)
  return {
    has: (text) => {
      const even = dense(text.replace(/^(?:www\.)?([\w.-]+)\.[a-z]{2,6}$/i, '$1'))
      const bare = even.replace(/^the(?=.{3})/, '').replace(/(?:com|net|org|inc|ltd|llc|gmbh|blog)$/, '')
      if (even === '') return false
      if (known.has(even) || known.has(bare)) return true
      return hosts.some((host) => host === even || host === bare || host === `the${bare}`)
    },
  }
})

function dense(text: string): string {
  const even = fold(text.slice(0, 200))
  return /^[a-z\d ]*$/.test(even) ? even.replaceAll(' ', '') : even.normalize('NFKD').replace(/[\s\p{M}]/gu, '')
}
