/** What edges take and give: transports, fetching, progress. It stands here so that none of them need know another. */
import { type FailureReport } from './failures.ts'

/** What a transport is handed. */
export interface Message {
  envelope: { from: string; to: string }
  /** Deterministic, with its angle brackets. */
  messageId: string
  date: Date
  from: string
  to: string
  subject: string
  /** Empty: the text is all there is. */
  html: string
  text: string
  /** Further headers, in order: List-Unsubscribe, List-Id, … */
  headers: [name: string, value: string][]
}

/** What became of a message, as far as the server told. */
export interface Outcome {
  kind: 'submitted' | 'refused' | 'later' | 'uncertain'
  /** The server's own words, or ours where it said nothing. */
  reply: string
  /** With `later`: the server was not asked about this reader at all, so that it counts as no attempt. */
  untried?: true
  /** The name that the server gave the message, to find it in its log. */
  queueId?: string
}

/** The leave to hand over one message now: a connection stands, the rates allow it. */
export interface Turn {
  /** Once; whatever comes of it, the turn is over. */
  send(message: Message): Promise<Outcome>
  /** Gives it back unused. */
  release(): void
}

/** Why there is no turn: no server can be used at all, or none takes mail from this sender; `stopped` was asked for. */
export type NoTurn = 'down' | 'sender' | 'stopped'

/** Takes messages out of the house. */
export interface Transport {
  id: string
  /** How many messages it takes at once. */
  connections?: number
  /**
   * Waits for a turn: for a free connection, and for the rates. Asked before a delivery is marked `sending`, so that
   * nothing waits marked and no unreachable server counts as an attempt. A transport without it is always ready.
   */
  reserve?(envelope: Message['envelope'], stop?: AbortSignal): Promise<Turn | NoTurn>
  /** The same in one: waits, then sends. */
  send(message: Message): Promise<Outcome>
  /** What has gone wrong with its servers since it was asked last. */
  takeFaults?(): FailureReport[]
  /** What is wrong with those that have not taken a message since they failed, asked or not. */
  standing?(): FailureReport[]
  /** Cuts off what is in the air; what was handed over and not answered becomes `uncertain`. */
  interrupt?(): void
  close(): Promise<void>
}

/** What is asked of the one fetcher, beside the address. */
export interface FetchRequest {
  /** Media types wanted, as an Accept header. */
  accept?: string
  /** Further headers: a source's own, from its options. Dropped when a redirect leaves the origin. */
  headers?: Record<string, string>
  /** Send what was remembered of the address, so that an unchanged answer costs nothing. */
  conditional?: boolean
  /** Who reads it, where several do: each one's memory is its own, so that what one has seen is not kept from another. */
  reader?: string
  /** Decompressed; a longer answer is a failure. */
  maxBytes?: number
  /** Only what the server says of it, in headers: by HEAD, or with its first byte, where HEAD tells nothing. */
  only?: 'head' | 'first'
  /** Do not ask robots.txt: the site is the publisher's own. */
  ignoreRobots?: boolean
  /** Ask although the site said that the address is gone for good: whether it still says so is the question. */
  asksAnyway?: boolean
  /** Show the page in a browser and give what its scripts make of it; once this stands there, if it is named. */
  render?: { waitFor?: string }
}

/** What came of it: `unchanged` (304) has an empty body. Anything else that is not a 2xx is a Failure `http.…`. */
export interface Fetched {
  status: 'fresh' | 'unchanged'
  /** Where the body came from, after redirects. */
  url: string
  /** Where the address that was asked for has moved for good, as its server said again and again. */
  movedTo?: string
  /** Names in lower case. */
  headers: Record<string, string>
  body: Uint8Array
  /** The body as text: charset by byte order mark, header, then what the document declares. */
  text(): string
  /** Of an unchanged answer: what was kept with the one before. */
  kept?: string
  /** The document itself asks not to be read again before so many ms: a floor, kept with `remember`. */
  keepFor?(ms: number): void
  /**
   * Keeps the validators of this answer for the next conditional request. Called once what was read is safely kept:
   * until then the address is asked anew, so that a crash or a faulty page costs a request and no article. What is to
   * be known of the answer when it has not changed can be `kept` with it.
   */
  remember(kept?: string): Promise<void>
}

/** What a server said of an address last time (RFC 9110, section 8.8). */
export interface Validators {
  etag?: string
  lastModified?: string
  /** What of the text is needed again before it is fetched again: robots.txt itself; the other pages of an article. */
  body?: string
  fetchedAt: Date
  freshUntil?: Date
}

/** Where validators are kept between two requests, and between two processes. */
export interface FetchMemory {
  read(key: string): Promise<Validators | undefined>
  /** Without validators: forgets the address. */
  write(key: string, validators: Validators | undefined): Promise<void>
}

/** Reads one address, politely and safely. Throws Failure `http.…`. */
export type Fetch = (url: string, request?: FetchRequest) => Promise<Fetched>

/** How far a verb has come, for whoever watches. */
export interface Progress {
  verb: 'collect' | 'publish' | 'compose' | 'deliver' | 'backup' | 'extract'
  /** The source, feed, newsletter or edition it works on. */
  id: string
  done: number
  total: number
}

export type Report = (progress: Progress) => void
