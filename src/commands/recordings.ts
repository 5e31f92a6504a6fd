/** `sources record` and `sources replay`: what a source answered, kept as files, and read again without the web. */
import { join, resolve } from 'node:path'
import { folderAddress } from '../addresses.ts'
import { openReading, readingOf } from '../app.ts'
import { type Call, type Result } from '../cli.ts'
import { type Config } from '../config.ts'
import {
  readRecording,
  recordFetch,
  replayFetch,
  writeRecording,
  type Answers,
  type Recording,
} from '../disk/cassette.ts'
import { Failure } from '../failures.ts'
import { decodeText } from '../http/charset.ts'
import { noMemory } from '../http/fetch.ts'
import { withParsing, type Parse } from '../parse.ts'
import { wordCount } from '../read-time.ts'
import { isWeb, sourceOptions, type SourceOptions } from '../sources/index.ts'
import { columns, count, showReport } from '../terminal.ts'
import { runSource, type Ran } from './source-run.ts'

/** Where the recording of a source is. */
export function recordingFolder({ root }: Pick<Config, 'root'>, id: string): string {
  return join(root, 'var', 'recordings', id)
}

/** So many articles' own pages are recorded with the list. */
export const PAGES_RECORDED = 20

/** Reads a source and keeps what it answered. Throws Failure `usage.unknown`, `usage.wrong` or `disk.write`. */
export async function record(call: Call, id: string, options: { to?: string; articles: number }): Promise<Result> {
  const config = await call.config()
  const source = sourceOf(config, id)
  if (!isWeb(source))
    throw new Failure('usage.wrong', {
      source: id,
      expected: 'a source that is read from the web: a folder can be copied',
    })
  const folder = options.to ?? recordingFolder(config, id)
  const answers: Answers = new Map()
  const { fetch, close } = openReading(readingOf(config), noMemory, call.log)
  const now = new Date()
  try {
    const looking = {
      ...lookingOf(config, source, now),
      fetch: recordFetch(fetch, answers),
      articles: options.articles,
    }
    const ran = await withParsing((parse) => runSource(source, { ...looking, parse }))
    await writeRecording(folder, { recordedAt: now, timezone: config.site.timezone, source }, answers)
    const text = [
      `recorded ${count(answers.size, 'answer')} in ${folder}: ${count(ran.items.length, 'item')} in the list, ${count(ran.articles.length, 'article')} read`,
      ...ran.faults.map((fault) => `failed: ${showReport(fault)}`),
      `Next: broadsheet sources replay ${id}`,
    ].join('\n')
    const json = {
      source: id,
      folder,
      answers: answers.size,
      items: ran.items.length,
      articles: ran.articles.length,
      faults: ran.faults,
    }
    return { json, text, exit: ran.faults.length > 0 ? 1 : 0 }
  } finally {
    await close()
  }
}

/**
 * What would be collected of a recording: of a source in the config, by the options that it has now, or of a folder by
 * those that were recorded. Throws Failure `recording.missing`, `recording.broken` or `usage.unknown`.
 */
export async function replay(call: Call, name: string, { articles }: { articles: number }): Promise<Result> {
  const ran = await withParsing(async (parse) =>
    isId(name) ? replayConfigured(await call.config(), name, articles, parse) : replayFolder(name, articles, parse),
  )
  return {
    json: { ...ran.ran, recordedAt: ran.recordedAt },
    text: showReplayed(ran.ran, ran.recordedAt),
    exit: ran.ran.faults.length > 0 ? 1 : 0,
  }
}

/** The recording of a source in the config, run by its present options; nothing when there is none. */
export async function rerun(
  config: Config,
  source: SourceOptions,
  articles: number,
  parse: Parse,
): Promise<{ ran: Ran; recordedAt: string } | undefined> {
  const folder = recordingFolder(config, source.id)
  const recording = await readRecording(folder)
  if (recording === undefined) return undefined
  const now = new Date(recording.recordedAt)
  const looking = {
    ...lookingOf(config, source, now),
    fetch: replayFetch(folder, recording, decodeText),
    articles,
    parse,
  }
  return { ran: await runSource(source, looking), recordedAt: recording.recordedAt }
}

async function replayConfigured(config: Config, id: string, articles: number, parse: Parse) {
  const ran = await rerun(config, sourceOf(config, id), articles, parse)
  if (ran === undefined) throw new Failure('recording.missing', { source: id, folder: recordingFolder(config, id) })
  return ran
}

async function replayFolder(folder: string, articles: number, parse: Parse) {
  const recording = await readRecording(folder)
  if (recording === undefined) throw new Failure('recording.missing', { folder })
  return { ran: await runRecording(folder, recording, articles, parse), recordedAt: recording.recordedAt }
}

/** A recording by itself, with the options that were recorded. Throws Failure `recording.broken`. */
export async function runRecording(folder: string, recording: Recording, articles: number, parse: Parse): Promise<Ran> {
  const source = sourceOptions.safeParse(recording.source)
  if (!source.success) {
    const [issue] = source.error.issues
    const reason = `the option ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`
    throw new Failure('recording.broken', { folder, reason })
  }
  const { timezone, recordedAt } = recording
  return await runSource(source.data, {
    ...{ root: resolve('.'), base: 'http://127.0.0.1/', timezone, articles, parse },
    fetch: replayFetch(folder, recording, decodeText),
    now: new Date(recordedAt),
  })
}

export function sourceOf(config: Config, id: string): SourceOptions {
  const source = config.sources.find((one) => one.id === id)
  if (source === undefined) throw new Failure('usage.unknown', { source: id })
  return source
}

export function lookingOf(config: Config, source: SourceOptions, now: Date) {
  return { root: config.root, base: folderAddress(config.addresses, source.id), timezone: config.site.timezone, now }
}

/** An id is a word; a folder is told apart by a dot or a slash. */
function isId(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(name)
}

function showReplayed({ id, kind, items, articles, faults }: Ran, recordedAt: string): string {
  const rows = articles.map(({ published, title, text, url }) => [
    `  ${published?.slice(0, 10) ?? 'undated'}`,
    title.slice(0, 60),
    count(wordCount(text), 'word'),
    url,
  ])
  const left = items.filter(({ isWanted }) => !isWanted).length
  return [
    `${id} (${kind}), as recorded on ${recordedAt.slice(0, 10)}: ${count(items.length, 'item')}${left > 0 ? `, ${left} left out` : ''}`,
    ...(rows.length > 0 ? [`${count(articles.length, 'article')} would be collected:`, columns(rows)] : []),
    ...faults.map((fault) => `failed: ${showReport(fault)}`),
  ].join('\n')
}
