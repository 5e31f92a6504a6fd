/** How much of a feed readers take. */

/** Bytes of a file that large readers still take. */
export const MOST_BYTES = 5_000_000

/** Bytes of a file, unless the config says otherwise. */
export const USUAL_BYTES = 1_000_000

/** Clocks differ: an article dated this little ahead is of now. */
export const AHEAD_MS = 60_000
