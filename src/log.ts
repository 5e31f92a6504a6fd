/** One JSON line an event on stderr, or a readable line when a person watches. */
import pino from 'pino'
import pretty from 'pino-pretty'

export type Log = pino.Logger

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** A log to stderr; `readable` gives coloured lines for a terminal instead of JSON. */
export function openLog(level: LogLevel, readable: boolean): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  return readable
    ? pino(options, pretty({ destination: 2, sync: true, ignore: 'time', colorize: true }))
    : pino(options, pino.destination({ dest: 2, sync: true }))
}
