/** The headline among the passages of a page: what says the same as its title. */
import { fold } from '../characters.ts'
import { type Passage } from './passages.ts'

export function isHeadline({ box, text }: Passage, title: string | undefined): boolean {
  if (title === undefined || !/^h[1-3]$/.test(box.name) || Math.abs(text.length - title.length) > 10) return false
  return letters(text) === letters(title)
}

/** The index of the headline; of several an `<h1>` rather than another; -1 where there is none. */
export function headlineAt(passages: readonly Passage[], title: string | undefined): number {
  let found = -1
  for (const [index, passage] of passages.entries()) {
    if ((found >= 0 && passage.box.name !== 'h1') || !isHeadline(passage, title)) continue
    if (passage.box.name === 'h1') return index
    found = index
  }
  return found
}

function letters(text: string): string {
  return fold(text).replaceAll(' ', '')
}
