/** Everything that reads what came from outside, by name: pure functions, called in a process of their own (parse.ts). */
import { makeArticle, readBody, readItem } from './articles/article.ts'
import { withoutNoise } from './articles/changes.ts'
import { joinParts, takeWhole } from './articles/join.ts'
import { parseHtml } from './articles/markup.ts'
import { answerOf, readPage, type Answer } from './articles/read-page.ts'
import { type Failure, type FailureReport } from './failures.ts'
import { parsers as sourceParsers, type ParserTools, type SourceParsers } from './sources/parsers.ts'

/** What a source's parser gave, and what it had to leave out. */
export interface SourceParsed {
  value: unknown
  faults: FailureReport[]
}

export const parsers = {
  readItem,
  readBody,
  makeArticle,
  withoutNoise,
  joinParts,
  takeWhole,
  /** One line of `extract --batch`; its `ms` is what reading took here. */
  answerPage(html: string, url: string, now: Date): Answer & { ms: number } {
    const start = performance.now()
    const answer = answerOf(readPage(html, url, now))
    return { ...answer, ms: Math.round((performance.now() - start) * 100) / 100 }
  },
  /** One of the parsers of the kinds of sources. */
  source(name: keyof SourceParsers, args: unknown[]): SourceParsed {
    const faults: FailureReport[] = []
    const tools: ParserTools = { parseHtml, fault: (failure: Failure) => faults.push(failure.toJSON()) }
    // Each parser has arguments of its own, which TypeScript checks where it is asked for.
    const parser = sourceParsers[name] as (given: ParserTools, ...rest: unknown[]) => unknown
    return { value: parser(tools, ...args), faults }
  },
}

export type Parsers = typeof parsers
