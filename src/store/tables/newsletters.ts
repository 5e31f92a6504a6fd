/** What is mailed, and to whom: editions, the ledger, the list and its evidence. */
import type { Generated } from 'kysely'
import type { DeliveryState, EditionState, SubscriptionState } from '../../model.ts'

export interface EditionTable {
  id: string
  newsletterId: string
  number: number
  state: EditionState
  composedAt: string
  sender: string
  slices: string
  articleIds: string
  /** The latest moment that any of its slices reaches: an article saved afterwards comes after it. */
  upTo: string
  /** Why it waits for a person, while its state is `draft`. JSON of a FailureReport. */
  heldFor: string | null
  doneAt: string | null
}

export interface SubscriberTable {
  id: string
  /** As the person wrote it. */
  email: string
  /** Its one spelling for comparison (subscribers/address.ts). */
  addressKey: string
  createdAt: string
}

export interface SubscriptionTable {
  subscriberId: string
  newsletterId: string
  state: SubscriptionState
  watermark: string
  since: string
  endedAt: string | null
  reason: string | null
}

export type ConsentEvent = 'requested' | 'confirmed' | 'activated' | 'ended'

/** Append-only: who agreed to or ended what, when, how, in which words. */
export interface ConsentEventTable {
  id: string
  subscriberId: string
  newsletterId: string
  at: string
  event: ConsentEvent
  /** By which path: `form`, `cli`, `link`, `one-click`, `desk-copy`. */
  path: string
  /** The exact wording that the person saw, or what the operator declares. */
  evidence: string
  /** The link that was mailed for a request, and by which it was confirmed. */
  confirmationId: string | null
  /** Which version of our own wording it was (subscribers/consent.ts). */
  wordingId: string | null
  /** The network it came from, as a keyed hash. */
  network: string | null
  /** The browser, shortened. */
  agent: string | null
}

export interface DeliveryTable {
  id: string
  editionId: string
  subscriberId: string
  sliceId: string
  state: DeliveryState
  attempts: number
  dueAt: string
  claimedUntil: string | null
  /** Which process holds the claim, or held it when the fate of the message was lost. */
  claimedBy: string | null
  reason: string | null
  changedAt: string
}

/** Keys of unsubscribe tokens: never deleted, because an unsubscribe link never expires. */
export interface SigningKeyTable {
  id: string
  /** 32 bytes, base64url. */
  secret: string
  createdAt: string
}

/** A confirmation link: one row for each newsletter that it confirms. */
export interface ConfirmationTable {
  id: string
  newsletterId: string
  subscriberId: string
  createdAt: string
  expiresAt: string
  usedAt: string | null
  /** When its mail is to be sent, or tried again; null once there is none to send. */
  mailAt: string | null
  attempts: Generated<number>
}

/** Sign-ups of late, by address and by network, for their limits; hashed, and swept after a day. */
export interface SignUpAttemptTable {
  id: string
  bucket: string
  at: string
}

/** How many of an edition's deliveries ended in each state, of those whose rows were deleted since. */
export interface DeliverySumTable {
  editionId: string
  state: DeliveryState
  count: number
}
