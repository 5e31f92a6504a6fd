/** How long an article takes to read. */

const wordsPerMinute = 230
/** Han and kana carry a word or so each two characters. */
const charactersPerMinute = 500

/** Whole minutes, at least one, for a text in any script. */
export function readMinutes(text: string): number {
  const characters = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}’'-]*/gu)?.length ?? 0
  const others = characters === 0 ? words : Math.max(0, words - characters)
  return Math.max(1, Math.round(others / wordsPerMinute + characters / charactersPerMinute))
}
