import { strict as assert } from 'node:assert'
import { gzipSync } from 'node:zlib'
import { isBinary } from '../../src/http/sniff.ts'

describe('http/sniff', () => {
  for (const [what, body] of [
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d', 'hex')],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['a WebP', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1')],
    ['an MP4', Buffer.from('\0\0\0\x20ftypisom', 'latin1')],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['what was packed twice', gzipSync('text')],
  ] as const)
    it(`knows ${what} for no text`, () => assert.equal(isBinary(body), true))

  for (const [what, body] of [
    ['nothing', Buffer.alloc(0)],
    ['a page', Buffer.from('<!doctype html><p>text')],
    ['a page with null bytes', Buffer.from('\0<html>\0')],
    ['UTF-16 with its mark', Buffer.from('\ufeff<html>', 'utf16le')],
    ['UTF-16 in big endian', Buffer.from('\ufeff<html>', 'utf16le').swap16()],
    ['letters in windows-1251', Buffer.from([0xcf, 0xf0, 0xe8])],
  ] as const)
    it(`takes ${what} for text`, () => assert.equal(isBinary(body), false))
})
