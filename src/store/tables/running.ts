/** How Broadsheet itself runs: who does what, when, and what was told of it. */
import type { Generated } from 'kysely'

/** Who may do a thing alone, and until when unless they say so again. */
export interface LeaseTable {
  name: string
  holder: string
  heldUntil: string
}

/** When a scheduled thing was last due and done: `collect:main`, `compose:daily`, `upkeep`. */
export interface TickTable {
  name: string
  dueAt: string
  startedAt: string
  finishedAt: string | null
  failed: Generated<number>
  /** When it last brought something, or was first done. */
  changedAt: string | null
}

/** What the operator was told of, so that they are told once. */
export interface AlertTable {
  key: string
  raisedAt: string
  toldAt: string | null
  clearedAt: string | null
  /** JSON of a FailureReport. */
  failure: string
}

/** What a source, feed or newsletter was called before: links with its old id are for ever. */
export interface FormerIdTable {
  kind: string
  former: string
  /** What it is called now. */
  id: string
  at: string
}

/** Numbers that only grow. */
export interface CounterTable {
  name: string
  value: number
}
