/** The same examples in every run, so that none fails by chance; `FC_SEED=random` looks for others, a number for those. */
import fc from 'fast-check'

const { FC_SEED: seed = '20261122' } = process.env

if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) })
