/** How much there is to read, in any script. */

const WORD_SEGMENTS = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Scripts that write no spaces between words. Korean does. */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.,-]*/gu

/** Words; in Chinese and Japanese each character is one, as word processors count there. */
export function wordCount(text: string): number {
  const { words, ideographs } = count(text)
  return words + ideographs
}

/** Whole minutes, at least one: some 230 words a minute, or 500 characters of Chinese or Japanese. */
export function readMinutes(text: string, language?: string): number {
  const { words, ideographs } = count(text)
  const perMinute = IDEOGRAPHS_PER_MINUTE[language?.slice(0, 2).toLowerCase() ?? ''] ?? 500
  return Math.max(1, Math.round(words / 230 + ideographs / perMinute))
}

const IDEOGRAPHS_PER_MINUTE: Partial<Record<string, number>> = { zh: 400, ja: 500 }

function count(text: string): { words: number; ideographs: number } {
  let ideographs = 0
  let words = 0
  const spaced = text
    .replace(IDEOGRAPH, () => {
      ideographs++
      return ' '
    })
    .replace(UNSPACED, (run) => {
      for (const { isWordLike } of WORD_SEGMENTS.segment(run)) if (isWordLike === true) words++
      return ' '
    })
  return { words: words + (spaced.match(WORD)?.length ?? 0), ideographs }
}
