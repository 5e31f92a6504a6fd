/** One JSON line an event on stderr, or a readable line when a person watches. */
import pino from 'pino'
import pretty from 'pino-pretty'

export type Log = pino.Logger

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * A log to stderr; `readable` gives coloured lines for a terminal instead of JSON. Its lines speak of readers by ids: an
 * address that comes along all the same, in a server's reply or in an error's words, is hidden, but for the level `debug`.
 */
export function openLog(level: LogLevel, readable: boolean, to?: NodeJS.WritableStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(level !== 'debug' && { hooks: { streamWrite: hideAddresses } }),
  }
  return readable
    ? pino(options, pretty({ destination: to ?? 2, sync: true, ignore: 'time', colorize: true }))
    : pino(options, to ?? pino.destination({ dest: 2, sync: true }))
}

/**
 * The same text with `…` for the name in every e-mail address; its domain stays, because that is where to look. The
 * Message-IDs of our own mails (mail/message.ts), which only look like addresses, stay whole.
 */
export function hideAddresses(text: string): string {
  let hidden = ''
  let done = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    domain.lastIndex = at + 1
    if (!domain.test(text)) continue
    const name = nameBefore(text.slice(Math.max(done, at - longestName), at))
    if (name === '' || /^[0-9a-f]{32}$/.test(name)) continue
    hidden += `${text.slice(done, at - name.length)}…`
    done = at
  }
  return hidden + text.slice(done)
}

/** Wider than what can be mailed to: better hide a little more. The last label of a domain is no number. */
const domain = /(?:(?:[\p{L}\p{N}_-]{1,63}\.)+(?=[\p{N}-]*\p{L})[\p{L}\p{N}-]{1,63}|localhost)/iuy

const longestName = 128

/** What stands before the `@`; a letter after a backslash is an escape of JSON (`\n`) and no part of it. */
function nameBefore(text: string): string {
  const name = /[^\s"<>()[\],;:\\/@]*$/u.exec(text)?.[0] ?? ''
  const before = text.slice(0, text.length - name.length)
  const isEscape = (/\\*$/.exec(before)?.[0].length ?? 0) % 2 === 1
  return isEscape ? name.slice(/^u[0-9a-f]{4}/i.test(name) ? 5 : 1) : name
}
