/** `lint FILE…`: anybody's feed against docs/feed-checklist.md. */
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { type Command } from 'commander'
import { type Result, type Run } from '../cli.ts'
import { describe, Failure, type FailureReport } from '../failures.ts'
import { isFaulty, lintFeed, type LintReport } from '../feeds/lint.ts'
import { CHECKLIST, type Finding, type RuleId } from '../feeds/rules/checklist.ts'
import { count, showFailure } from '../terminal.ts'

/** Ten times what the gate lets a feed of ours have: a site's whole history in one file can be looked at too. */
const LARGEST_BYTES = 50_000_000

/** Places of one rule that are listed for a person; `--json` has them all. */
const LISTED = 5

export function register(program: Command, run: Run): void {
  program
    .command('lint')
    .argument('<file...>', 'RSS, Atom or JSON Feed; - reads standard input')
    .option('--url <url>', 'the address that the feed was got from: it should name it')
    .description('a feed against the published checklist: what is wrong with it, where, and what to do')
    .addHelpText('after', '\nExit codes: 0 no faults (warnings there may be); 1 faults, or a file that cannot be read.')
    .action(run((_, files: string[], { url }: { url?: string }) => lintFiles(files, { now: new Date(), url })))
}

type Linted = { file: string } & (LintReport | { failure: FailureReport })

/** @throws Failure `usage.wrong` for what is no feed by its name, before anything is read. */
export async function lintFiles(
  files: string[],
  { now, url, input = process.stdin }: { now: Date; url?: string | undefined; input?: AsyncIterable<Uint8Array> },
): Promise<Result> {
  const mail = files.find((file) => extname(file).toLowerCase() === '.eml')
  if (mail !== undefined)
    throw new Failure('usage.wrong', { file: mail, expected: 'a feed: this version checks no mails yet' })
  const linted: Linted[] = []
  const lines: string[] = []
  for (const file of files) {
    try {
      const report = lintFeed(await (file === '-' ? readAll(input) : readFile(file)), { now, url })
      linted.push({ file, ...report })
      lines.push(show(file, report))
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      linted.push({ file, failure: thrown.toJSON() })
      lines.push(showFailure(thrown))
    }
  }
  const isGood = linted.every((one) => !('failure' in one) && !isFaulty(one))
  return { json: { files: linted.map(asJson) }, text: lines.join('\n\n'), exit: isGood ? 0 : 1 }
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r')
    try {
      if ((await file.stat()).size > LARGEST_BYTES) throw new Failure('file.tooLarge', { file: path })
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('file.unreadable', { file: path, reason: describe(thrown) }, thrown)
  }
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of input) {
    bytes += chunk.length
    if (bytes > LARGEST_BYTES) throw new Failure('file.tooLarge', { file: '-' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function asJson(one: Linted): unknown {
  if ('failure' in one) return one
  const { file, kind, items, findings } = one
  return {
    file,
    kind,
    items,
    ...tally(findings),
    findings: findings.map(({ rule, ...place }) => {
      const { lint, says, mend, url } = CHECKLIST[rule]
      return { rule, severity: lint, ...place, says, mend, reference: url }
    }),
  }
}

function tally(findings: Finding[]): { faults: number; warnings: number } {
  const faults = findings.filter(({ rule }) => CHECKLIST[rule].lint === 'fault').length
  return { faults, warnings: findings.length - faults }
}

function show(file: string, { kind, items, findings }: LintReport): string {
  const { faults, warnings } = tally(findings)
  const what = kind === undefined ? 'no feed that can be read' : `${kind}, ${count(items, 'item')}`
  const verdict =
    findings.length === 0 ? 'nothing to say against it' : `${count(faults, 'fault')}, ${count(warnings, 'warning')}`
  // Faults first, each rule once.
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted((one, other) => weight(one) - weight(other))
  return [`${file}: ${what}; ${verdict}`, ...rules.flatMap((rule) => showRule(rule, findings))].join('\n')
}

function weight(rule: RuleId): number {
  return CHECKLIST[rule].lint === 'fault' ? 0 : 1
}

function showRule(id: RuleId, findings: Finding[]): string[] {
  const { lint, says, mend, url } = CHECKLIST[id]
  const places = findings.filter(({ rule }) => rule === id)
  return [
    '',
    `${lint} ${id}: ${says}`,
    ...places.slice(0, LISTED).map(({ line, column, item, found }) => {
      const place = [line === undefined ? '' : `${line}:${column ?? 0}`, item ?? ''].filter(Boolean).join(' ')
      return `  ${place === '' ? '' : `${place}: `}${found}`
    }),
    ...(places.length > LISTED ? [`  and ${places.length - LISTED} more`] : []),
    `  → ${mend} (${url})`,
  ]
}
