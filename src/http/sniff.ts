/** What is no text, whatever the server calls it. */

/** How files begin that are neither text nor mark-up (WHATWG MIME Sniffing, section 6). */
const BEGINNINGS = [
  '\x89PNG\r\n', '\xff\xd8\xff', 'GIF87a', 'GIF89a', 'RIFF', '\0\0\x01\0', '%PDF-', 'PK\x03\x04', '\x1f\x8b\x08',
  'Rar!\x1a\x07', '7z\xbc\xaf\x27\x1c', 'OggS\0', 'ID3', '\x1aE\xdf\xa3', 'MThd', 'wOFF', 'wOF2', '\0asm', '\x7fELF',
] // prettier-ignore

/** Whether the body begins as a picture, a film, an archive or another file does that is no text. */
export function isBinary(body: Uint8Array): boolean {
  const start = Buffer.from(body.subarray(0, 16)).toString('latin1')
  // Of a film, the size stands before its name.
  return start.startsWith('ftyp', 4) || BEGINNINGS.some((beginning) => start.startsWith(beginning))
}
