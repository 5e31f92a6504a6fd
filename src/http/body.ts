/** Reads the body of an answer and unpacks it, never further than it may grow. */
import { Duplex, Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import { describe, Failure } from '../failures.ts'

/** What we can unpack, as an Accept-Encoding header. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd'

/** More layers than any server has a reason for; each one multiplies what a bomb can do. */
const MAX_LAYERS = 2

/** The window that zstd may need as a content coding is 8 MB (RFC 9659); left alone it would take 128. */
const ZSTD_WINDOW_LOG = 23

type Layer = 'gzip' | 'deflate' | 'br' | 'zstd'

export interface BodyLimits {
  /** Of the packed bytes, of what each layer gives, and so of the result. */
  maxBytes: number
  /** What comes after the limit is left unread instead of being a failure: robots.txt. */
  isCut?: boolean
}

/**
 * The whole body, unpacked. Throws Failure `http.tooLarge` as soon as one layer passes the limit, `http.encoding` where it
 * cannot be unpacked or ends too early; when the connection breaks, what the connection threw.
 */
export async function readBody(
  body: Readable,
  encodings: string | undefined,
  { maxBytes, isCut = false }: BodyLimits,
): Promise<Uint8Array> {
  const keeper = keep(maxBytes, isCut)
  let broken: unknown
  try {
    const layers = layersOf(encodings)
    const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
    const first = await chunks.next()
    // No bytes at all are no packed bytes either: servers say `gzip` of an empty answer too.
    if (first.done === true) return new Uint8Array()
    const source = Readable.from(
      rest(first.value, chunks, (thrown) => (broken = thrown)),
      { objectMode: false },
    )
    const unpackers = layers.flatMap((layer) => [limiter(maxBytes), unpacker(layer)])
    await pipeline([source, ...unpackers, keeper.sink])
  } catch (thrown) {
    if (!keeper.isEnough()) {
      if (broken !== undefined || thrown instanceof Failure) throw thrown
      throw new Failure('http.encoding', { encoding: encodings, reason: describe(thrown) }, thrown)
    }
  } finally {
    // Ending it before anything was read of it is an error to the stream, and one that nobody hears ends the process.
    body.on('error', () => undefined).destroy()
  }
  return keeper.bytes()
}

/** Takes what comes out at the end, up to the limit. */
function keep(maxBytes: number, isCut: boolean) {
  const parts: Uint8Array[] = []
  let size = 0
  let isEnough = false
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      const room = maxBytes - size
      size += chunk.length
      parts.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
      isEnough = isCut && size >= maxBytes
      // An error is how a stream says that it wants no more.
      done(isEnough || size > maxBytes ? new Failure('http.tooLarge', { bytes: `over ${maxBytes}` }) : null)
    },
  })
  return { sink, isEnough: () => isEnough, bytes: () => Buffer.concat(parts) }
}

/** The encodings in the order in which they come off. */
function layersOf(header: string | undefined): Layer[] {
  const layers = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity' && !isCharset(name))
    .map((name) => {
      if (name === 'gzip' || name === 'x-gzip') return 'gzip'
      if (name === 'deflate' || name === 'br' || name === 'zstd') return name
      throw new Failure('http.encoding', { encoding: name, reason: 'it is not one that was asked for' })
    })
  if (layers.length > MAX_LAYERS)
    throw new Failure('http.encoding', { encoding: header, reason: `more than ${MAX_LAYERS} on top of each other` })
  return layers.toReversed()
}

/** Servers are found that say `Content-Encoding: UTF-8`: it packs nothing. */
function isCharset(name: string): boolean {
  return name === 'utf-8' || name === 'utf8' || name.startsWith('iso-8859-')
}

function unpacker(layer: Layer): Duplex {
  switch (layer) {
    case 'gzip':
      return createGunzip()
    case 'deflate':
      return Duplex.from(inflate)
    case 'br':
      return createBrotliDecompress()
    case 'zstd':
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } })
  }
}

/** `deflate` means the zlib format (RFC 9110, section 8.4.1.2), but servers send bare deflate as well: the first byte tells. */
async function* inflate(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = packed[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) return
  const isZlib = ((first.value[0] ?? 0) & 0x0f) === 8
  const inflater = isZlib ? createInflate() : createInflateRaw()
  // What goes wrong here destroys the inflater, and so is thrown below.
  void pipeline(Readable.from(rest(first.value, chunks), { objectMode: false }), inflater).catch(() => undefined)
  yield* inflater as AsyncIterable<Uint8Array>
}

/** Lets so many bytes through, and fails at the next. */
function limiter(maxBytes: number): Transform {
  let size = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length
      if (size > maxBytes) done(new Failure('http.tooLarge', { bytes: `over ${maxBytes}, still packed` }))
      else done(null, chunk)
    },
  })
}

async function* rest(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  onBroken: (thrown: unknown) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  yield first
  for (;;) {
    let next: IteratorResult<Uint8Array>
    try {
      next = await chunks.next()
    } catch (thrown) {
      onBroken(thrown)
      throw thrown
    }
    if (next.done === true) return
    yield next.value
  }
}
