import assert from 'node:assert/strict'
import { dropLease, dropLeasesOf, renewLease, takeLease } from '../../src/store/leases.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at } from './nouns.ts'

const minute = 60_000
const ann = { name: 'collect:main', holder: 'ann/1' }
const ben = { name: 'collect:main', holder: 'ben/1' }

describeOnEveryDatabase('store/leases', (open) => {
  it('gives a lease to one alone, until it is given back', async () => {
    const db = await open()
    assert.equal(await takeLease(db, ann, at(0), minute), true)
    assert.equal(await takeLease(db, ben, at(0), minute), false)
    assert.equal(await takeLease(db, { ...ben, name: 'collect:other' }, at(0), minute), true)
    await dropLease(db, ann)
    assert.equal(await takeLease(db, ben, at(0), minute), true)
  })

  it('gives it to nobody twice, not even to its holder', async () => {
    const db = await open()
    assert.equal(await takeLease(db, ann, at(0), minute), true)
    assert.equal(await takeLease(db, ann, at(0), minute), false)
  })

  it('gives it to another once its holder was silent for so long', async () => {
    const db = await open()
    await takeLease(db, ann, at(0), 5 * minute)
    assert.equal(await takeLease(db, ben, at(4), minute), false)
    assert.equal(await takeLease(db, ben, at(5), minute), true)
  })

  it('keeps it for a holder that says so', async () => {
    const db = await open()
    await takeLease(db, ann, at(0), 5 * minute)
    assert.equal(await renewLease(db, ann, at(4), 5 * minute), true)
    assert.equal(await takeLease(db, ben, at(5), minute), false)
    assert.equal(await takeLease(db, ben, at(9), minute), true)
  })

  it('tells a holder who was too late, and leaves the lease to who has it now', async () => {
    const db = await open()
    await takeLease(db, ann, at(0), minute)
    await takeLease(db, ben, at(2), 5 * minute)
    assert.equal(await renewLease(db, ann, at(3), minute), false)
    await dropLease(db, ann)
    assert.equal(await takeLease(db, ann, at(3), minute), false)
  })

  it('is not kept from anybody by a clock that was years ahead', async () => {
    const db = await open()
    await takeLease(db, ann, new Date('2038-01-19'), minute)
    assert.equal(await takeLease(db, ben, at(0), minute), true)
  })

  it('gives back all that a process holds, and nobody else’s', async () => {
    const db = await open()
    await takeLease(db, ann, at(0), minute)
    await takeLease(db, { name: 'deliver', holder: 'ann/2' }, at(0), minute)
    await takeLease(db, { name: 'upkeep', holder: 'annabel/1' }, at(0), minute)
    await dropLeasesOf(db, 'ann/')
    assert.equal(await takeLease(db, ben, at(0), minute), true)
    assert.equal(await takeLease(db, { ...ben, name: 'deliver' }, at(0), minute), true)
    assert.equal(await takeLease(db, { ...ben, name: 'upkeep' }, at(0), minute), false)
  })

  it('gives it to one of many who ask at once', async () => {
    const db = await open()
    const holders = Array.from({ length: 20 }, (_, number) => ({ ...ann, holder: `p${number}/1` }))
    const taken = await Promise.all(holders.map((lease) => takeLease(db, lease, at(0), minute)))
    assert.equal(taken.filter(Boolean).length, 1)
  })
})
