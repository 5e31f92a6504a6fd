/**
 * Property tests draw the same examples in every run, so that a red one is the fault of the last change. `npm run fuzz` draws
 * others, and prints the seed of what it finds.
 */
import fc from 'fast-check'

const { FUZZ_SEED = '20260302' } = process.env
fc.configureGlobal(FUZZ_SEED === 'random' ? {} : { seed: Number(FUZZ_SEED) })
