import assert from 'node:assert/strict'
import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readTemplates } from '../../src/disk/templates.ts'
import { Failure } from '../../src/failures.ts'
import { makeFolder } from '../folders.ts'

describe('disk/templates', () => {
  let own: string
  let builtIn: string
  beforeEach(async () => {
    own = await makeFolder({ 'mail/digest.mjml': 'own digest' })
    builtIn = await makeFolder({ 'mail/digest.mjml': 'built-in digest', 'mail/partials/lead.mjml': 'built-in lead' })
  })
  afterEach(async () => {
    await rm(own, { recursive: true })
    await rm(builtIn, { recursive: true })
  })

  it('takes the installation’s own file before the built-in one, file by file', async () => {
    const templates = readTemplates([own, builtIn])
    assert.equal(await templates.read('mail/digest.mjml'), 'own digest')
    assert.equal(await templates.read('mail/partials/lead.mjml'), 'built-in lead')
  })

  it('does without a folder that is not there', async () => {
    const templates = readTemplates([join(own, 'none'), builtIn])
    assert.equal(await templates.read('mail/digest.mjml'), 'built-in digest')
  })

  it('says where it looked for a template that is nowhere', async () => {
    await assert.rejects(readTemplates([own, builtIn]).read('mail/other.mjml'), (failure: unknown) => {
      assert.ok(failure instanceof Failure)
      assert.equal(failure.code, 'template.missing')
      assert.deepEqual(failure.details, {
        template: 'mail/other.mjml',
        looked: `${own}, ${builtIn}`,
        reason: undefined,
      })
      return true
    })
  })

  it('counts a folder of that name as no template', async () => {
    await assert.rejects(readTemplates([own]).read('mail'), { code: 'template.missing' })
  })

  for (const path of [
    '../secret',
    'mail/../../secret',
    '/etc/passwd',
    'mail\\..\\secret',
    'C:/secret',
    'a\0b',
    '',
    './x',
  ]) {
    it(`refuses the path ${JSON.stringify(path)}`, async () => {
      await assert.rejects(readTemplates([own, builtIn]).read(path), { code: 'template.missing' })
    })
  }

  it('follows no link out of the folder, and takes the next folder’s file instead', async () => {
    const outside = await makeFolder({ 'secret.txt': 'secret' })
    await symlink(join(outside, 'secret.txt'), join(own, 'mail', 'secret.mjml'))
    await symlink(join(outside, 'secret.txt'), join(own, 'mail', 'linked.mjml'))
    await symlink(join(builtIn, 'mail', 'digest.mjml'), join(builtIn, 'mail', 'linked.mjml'))
    const templates = readTemplates([own, builtIn])
    await assert.rejects(templates.read('mail/secret.mjml'), { code: 'template.missing' })
    assert.equal(await templates.read('mail/linked.mjml'), 'built-in digest')
    await rm(outside, { recursive: true })
  })

  it('reads a file with a byte order mark and Windows line ends like any other', async () => {
    const folder = await makeFolder({ 'a.txt': '\uFEFFone\r\ntwo\r\n' })
    assert.equal(await readTemplates([folder]).read('a.txt'), 'one\ntwo\n')
    await rm(folder, { recursive: true })
  })
})
