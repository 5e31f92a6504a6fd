/** The address that the page itself calls its own. */
import { absolute, parseUrl } from '../links.ts'
import { type Claim, claimsOf } from './claim.ts'
import { type Page } from './page.ts'

export function claimCanonical(page: Page): Claim<string>[] {
  const links = page.marked.filter(({ element, roles }) => element.name === 'link' && roles.includes('canonical'))
  return [
    ...claimsOf('link rel=canonical', 0.9, links.slice(0, 1).flatMap(({ element }) => own(element.attribs['href'], page))), // prettier-ignore
    ...claimsOf(
      'og:url',
      0.7,
      page
        .meta('og:url')
        .slice(0, 1)
        .flatMap((address) => own(address, page)),
    ),
  ]
}

/** The address on another site that the page names as the one where its article was published first. */
export function claimOriginal(page: Page): Claim<string>[] {
  const links = page.marked.filter(({ element, roles }) => element.name === 'link' && roles.includes('canonical'))
  return claimsOf('link rel=canonical', 0.9, links.slice(0, 1).flatMap(({ element }) => elsewhere(element.attribs['href'], page))) // prettier-ignore
}

function elsewhere(address: string | undefined, { url, base }: Page): string[] {
  const found = parseUrl(absolute(address ?? '', base) ?? '')
  const here = parseUrl(url)
  if (found === undefined || here === undefined || !/^https?:$/.test(here.protocol)) return []
  return siteOf(found.host) === siteOf(here.host) || (found.pathname === '/' && found.search === '') ? [] : [found.href]
}

function siteOf(host: string): string {
  return host.replace(/^(?:www|m|amp|mobile)\./, '')
}

/** A canonical address is believed of the same site only, and not when it calls every article the front page. */
function own(address: string | undefined, { url, base }: Page): string[] {
  const found = parseUrl(absolute(address ?? '', base) ?? '')
  const here = parseUrl(url)
  if (found === undefined || here === undefined) return []
  const isWeb = here.protocol === 'http:' || here.protocol === 'https:'
  if (isWeb && siteOf(found.host) !== siteOf(here.host)) return []
  return found.pathname === '/' && found.search === '' && here.pathname !== '/' ? [] : [found.href]
}
