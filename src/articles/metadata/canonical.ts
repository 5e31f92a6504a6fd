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

/** A canonical address is believed of the same site only, and not when it calls every article the front page. */
function own(address: string | undefined, { url, base }: Page): string[] {
  const found = parseUrl(absolute(address ?? '', base) ?? '')
  const here = parseUrl(url)
  if (found === undefined || here === undefined) return []
  const isWeb = here.protocol === 'http:' || here.protocol === 'https:'
  const site = (host: string) => host.replace(/^(?:www|m|amp|mobile)\./, '')
  if (isWeb && site(found.host) !== site(here.host)) return []
  return found.pathname === '/' && found.search === '' && here.pathname !== '/' ? [] : [found.href]
}
