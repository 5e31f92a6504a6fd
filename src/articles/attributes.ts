/** The attributes that clean HTML may have, and how each is written. */
import { escapeHtml, evenText } from './characters.ts'
import { absolute, LINKS, withoutTracking } from './links.ts'

/** What each attribute may be, evened out; nothing when it is none of that. */
export const VALUES: Partial<Record<string, (value: string, base: string) => string | undefined>> = {
  href: (value, base) => {
    const url = absolute(value, base, LINKS)
    return url === undefined ? undefined : withoutTracking(url)
  },
  cite: (value, base) => absolute(value, base),
  title: (value) => evenText(value, 500) || undefined,
  class: (value) => matching(value, /^language-[\w+#.-]{1,30}$/),
  datetime: (value) => matching(value, /^[\dTtZzPpWDHMSwdhms:+. -]{1,40}$/),
  lang: (value) => matching(value, /^[a-z]{2,8}(?:-[a-z\d]{1,8}){0,4}$/i),
  dir: (value) => matching(value.toLowerCase(), /^(?:ltr|rtl|auto)$/),
  scope: (value) => matching(value.toLowerCase(), /^(?:row|col|rowgroup|colgroup)$/),
  start: (value) => matching(value, /^-?\d{1,6}$/),
  value: (value) => matching(value, /^-?\d{1,6}$/),
  reversed: () => '',
  colspan: (value) => matching(value, /^(?:[2-9]|[1-9]\d)$/),
  rowspan: (value) => matching(value, /^(?:[2-9]|[1-9]\d)$/),
  width: (value) => matching(value.replace(/px\s*$/, ''), /^[1-9]\d{0,4}$/),
  height: (value) => matching(value.replace(/px\s*$/, ''), /^[1-9]\d{0,4}$/),
}

function matching(value: string, pattern: RegExp): string | undefined {
  const trimmed = value.trim()
  return pattern.test(trimmed) ? trimmed : undefined
}

/** ` name="value"`, as it is written into a tag. */
export function attribute(name: string, value: string): string {
  return ` ${name}="${escapeHtml(value)}"`
}
