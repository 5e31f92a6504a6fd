/** What pages need beside themselves: the style, the icon, the word to robots. */
import { accentsOf } from '../colour.ts'
import { type Needs, type Page } from './needs.ts'
import { type View } from './view.ts'

/** Pages name it with its version, so a copy of that version is good for ever. */
export function serveStyle(view: View): Page {
  return async (c) => {
    const { css, version } = await view.style()
    const forEver = c.req.query('v') === version
    return c.body(css, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': forEver ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
  }
}

/** The paper's first letter on its own colour. */
export function serveIcon({ site }: Needs): Page {
  // An article that begins most papers' names says nothing.
  const [letter = 'B'] = site.title.replace(/^(the|der|die|das|le|la|el|il)\s+/i, '').toUpperCase()
  const shown = /[\p{L}\p{N}]/u.test(letter) ? letter : 'B'
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">' +
    `<rect width="64" height="64" rx="10" fill="${accentsOf(site.colour).light}"/>` +
    '<text x="32" y="47" text-anchor="middle" font-family="Georgia, serif" font-weight="700" font-size="44" ' +
    `fill="#fff">${shown}</text></svg>`
  return (c) =>
    Promise.resolve(
      c.body(svg, 200, { 'Content-Type': 'image/svg+xml; charset=utf-8', 'Cache-Control': 'public, max-age=86400' }),
    )
}

/** Readers' own links and the mailbox are nobody's to search. */
export function serveRobots(): Page {
  const rules = 'User-agent: *\nDisallow: /unsubscribe/\nDisallow: /confirm/\nDisallow: /mail/\n'
  return (c) => Promise.resolve(c.text(rules, 200, { 'Cache-Control': 'public, max-age=86400' }))
}
