/** Which charset bytes are in that are neither UTF-8 nor what they are said to be: by the patterns of the legacy ones. */

/** So many bytes are looked at, where letters stand that are not ASCII. */
const SAMPLE_BYTES = 8 * 1024

/** A longer piece of ASCII tells nothing but where mark-up is. */
const LONGEST_ASCII = 24

/** The letters outside of ASCII and what stands around them, each piece from its own beginning on. */
export function sampleOf(body: Uint8Array): Uint8Array {
  const sample = new Uint8Array(SAMPLE_BYTES)
  let [size, ascii] = [0, LONGEST_ASCII]
  for (let at = 0; at < body.length && size < SAMPLE_BYTES; at += 1) {
    const byte = body[at] ?? 0
    ascii = byte < 0x80 ? ascii + 1 : 0
    if (ascii <= LONGEST_ASCII) sample[size++] = byte
  }
  return sample.subarray(0, size)
}

/** Whether every other byte is zero, as in text of Western mark-up in UTF-16: its label, or nothing. */
export function utf16Of(body: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(body.length, 1024) & ~1
  if (length < 4) return undefined
  const zeros: [even: number, odd: number] = [0, 0]
  for (let at = 0; at < length; at += 1) if (body[at] === 0) zeros[at % 2 === 0 ? 0 : 1] += 1
  const [even, odd] = zeros.map((count) => count / (length / 2)) as typeof zeros
  // Mark-up at the beginning is ASCII, whatever the text is in.
  if (odd > 0.4 && even < 0.05) return 'utf-16le'
  if (even > 0.4 && odd < 0.05) return 'utf-16be'
  return undefined
}

/** The most likely charset, as TextDecoder calls it; windows-1252 where nothing speaks for another (HTML, 13.2.3.2). */
export function guessCharset(sample: Uint8Array): string {
  return guessDouble(sample) ?? guessSingle(sample)
}

/** How well text reads in a charset of one byte a letter: runs of letters outside of ASCII are words of another script. */
export function isWestern(sample: Uint8Array): boolean {
  let [high, runs] = [0, 0]
  let before = 0
  for (const byte of sample) {
    if (byte >= 0xc0) {
      high += 1
      if (before < 0xc0) runs += 1
    }
    before = byte
  }
  // Half the vowels of a language may be accented, but never most letters of most words.
  return high < 8 || high / runs < 2.5
}

/** Charsets of two bytes a sign. Of the three that fill the same square of bytes, where in it the text stands tells. */
function guessDouble(sample: Uint8Array): string | undefined {
  const japanese = decoded(sample, 'shift_jis')
  // In other charsets the same bytes are half-width katakana, which nobody writes sentences in.
  if (share(japanese, /[\u3040-\u30ff]/g) > 0.15 && share(japanese, /[\uff61-\uff9f\ufffd]/g) < 0.05) return 'shift_jis'
  const { pairs, leads, odd } = pairsOf(sample)
  if (pairs < 3) return undefined
  const between = (low: number, high: number) =>
    leads.slice(low, high + 1).reduce((sum, count) => sum + count, 0) / pairs
  if (odd < 0.02) {
    if (between(0xa4, 0xa5) > 0.15 && errors(sample, 'euc-jp') < 0.02) return 'euc-jp'
    if (between(0xb0, 0xc8) > 0.85 && errors(sample, 'euc-kr') < 0.02) return 'euc-kr'
  }
  if (between(0xa4, 0xc6) > 0.6 && odd > 0.15 && errors(sample, 'big5') < 0.02) return 'big5'
  // Letters of a Cyrillic text are pairs as well, in lines of their own: its words end at spaces, Chinese ones do not.
  if (between(0xb0, 0xf7) > 0.5 && errors(sample, 'gb18030') < 0.02 && isSpaceless(sample)) return 'gb18030'
  return undefined
}

/** Pairs that begin with a byte outside of ASCII: how many, by their first byte; and the share whose second is within it. */
function pairsOf(sample: Uint8Array): { pairs: number; leads: number[]; odd: number } {
  const leads = new Array<number>(256).fill(0)
  let [pairs, low] = [0, 0]
  for (let at = 0; at + 1 < sample.length; at += 1) {
    const first = sample[at] ?? 0
    if (first < 0x81) continue
    pairs += 1
    leads[first] = (leads[first] ?? 0) + 1
    at += 1
    if ((sample[at] ?? 0) < 0xa1) low += 1
  }
  return { pairs, leads, odd: pairs === 0 ? 0 : low / pairs }
}

/** Runs of such bytes that are always of an even length, and often longer than words are. */
function isSpaceless(sample: Uint8Array): boolean {
  let [even, runs] = [0, 0]
  for (const run of Buffer.from(sample)
    .toString('latin1')
    .match(/[\x80-\xff]+/g) ?? []) {
    runs += 1
    if (run.length % 2 === 0) even += 1
  }
  return runs > 0 && even / runs > 0.9
}

/** Alphabets by the charset of their language, each with the letters that it needs most. */
const ALPHABETS: [charset: string, letters: RegExp, frequent: RegExp][] = [
  ['windows-1251', /[а-яёіїєґў]/g, /[оеаинтсрвл]/g],
  ['koi8-r', /[а-яё]/g, /[оеаинтсрвл]/g],
  ['ibm866', /[а-яё]/g, /[оеаинтсрвл]/g],
  ['iso-8859-5', /[а-яё]/g, /[оеаинтсрвл]/g],
  ['windows-1253', /[α-ωάέήίόύώ]/g, /[αοιετσν]/g],
  ['windows-1255', /[א-ת]/g, /[יוהלאר]/g],
  ['windows-1256', /[ء-ي]/g, /[ايلمنو]/g],
  ['windows-874', /[ก-๎]/g, /[านรกเ]/g],
]

function guessSingle(sample: Uint8Array): string {
  if (isWestern(sample)) return 'windows-1252'
  const scores = ALPHABETS.map(([charset, letters, frequent]) => {
    const text = decoded(sample, charset)
    return { charset, score: share(text, letters) + share(text, frequent) }
  })
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a))
  return best.score > 0.8 ? best.charset : 'windows-1252'
}

/** The share of signs that are no text in the charset. */
export function errors(sample: Uint8Array, charset: string): number {
  return share(decoded(sample, charset), /\ufffd/g)
}

function decoded(sample: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(sample)
}

/** Of the signs outside of ASCII. */
function share(text: string, signs: RegExp): number {
  const all = text.match(/[^\x00-\x7f]/g)?.length ?? 0
  return all === 0 ? 0 : (text.match(signs)?.length ?? 0) / all
}
