/** One spelling of letters and digits, so that dates of every script are compared and read alike. */

/** The zero of each script whose digits are not ASCII: the other nine follow it. */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
  0x1040, 0x17e0, 0x1810,
]

/** The text with digits of every script as ASCII, one kind of space, and without the marks that only steer its direction. */
export function evenDigits(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text
    .normalize('NFKC')
    .replace(/[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g, '')
    .replace(/\s+/g, ' ')
    .replace(/(?!\d)\p{Nd}/gu, (digit) => {
      const point = digit.codePointAt(0) ?? 0
      const zero = ZEROS.findLast((start) => start <= point)
      return zero === undefined || point > zero + 9 ? digit : String(point - zero)
    })
}

/** A word for comparing: lower case, without accents where they are often left out, Arabic letters in one form. */
export function foldWord(word: string): string {
  return word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu, '')
    .replace(/[\u0640\u064b-\u0655\u0670]+/g, '')
    .replaceAll('ı', 'i')
    .replaceAll('ي', 'ی')
    .replaceAll('ى', 'ی')
    .replaceAll('ك', 'ک')
    .replaceAll('ة', 'ه')
    .replaceAll('ς', 'σ')
    .replaceAll('’', "'")
    .normalize('NFC')
}
