import { strict as assert } from 'node:assert'
import { checkAddress, isAllowed, isPublic, readAllowed, readAuthority, shown } from '../../src/http/guard.ts'

const nothing = readAllowed([])

describe('http/guard', () => {
  describe('knows the addresses that are not the internet', () => {
    const privately: Record<string, string[]> = {
      'this network': ['0.0.0.0', '0.1.2.3', '::'],
      private: ['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
      'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
      loopback: ['127.0.0.1', '127.255.255.254', '::1'],
      'link-local': ['169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
      'protocol assignments': ['192.0.0.1', '192.0.0.170', '2001:1::1', '2001:1ff::1'],
      documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.9', '2001:db8::1', '3fff::1', '3fff:fff::1'],
      benchmarks: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
      multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
      'reserved and broadcast': ['240.0.0.1', '255.255.255.254', '255.255.255.255'],
      '6to4 relay and 6to4': ['192.88.99.1', '2002::1', '2002:7f00:1::', '2002:808:808::1'],
      'unique local and site-local': ['fc00::1', 'fd12:3456::1', 'fec0::1'],
      'v4-mapped': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::FFFF:7F00:0001'],
      'v4-compatible': ['::127.0.0.1', '::8.8.8.8', '::7f00:1'],
      'v4-translated': ['::ffff:0:127.0.0.1', '::ffff:0:808:808'],
      NAT64: ['64:ff9b::127.0.0.1', '64:ff9b::808:808', '64:ff9b:1::a00:1', '64:ff9b:1:ffff::1'],
      Teredo: ['2001::1', '2001:0:7f00:1::', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
      'AS112 and AMT': ['192.31.196.1', '192.175.48.1', '192.52.193.1', '2620:4f:8000::1'],
      'discard, segment routing and unassigned': ['100::1', '5f00::1', '4000::1', '1::1', 'e000::1'],
      'no address at all': ['', 'localhost', '1.2.3', '127.1', '0x7f.0.0.1', '2130706433', '1.2.3.4.5', ':::', '[::1]'],
    }
    for (const [what, addresses] of Object.entries(privately)) {
      for (const address of addresses) {
        it(`${what}: ${address}`, () => assert.equal(isPublic(address), false))
      }
    }
  })

  describe('knows the addresses beside them that are', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.255.255',
      '169.255.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.0.1.0',
      '192.167.255.255',
      '192.169.0.0',
      '198.17.255.255',
      '198.20.0.0',
      '223.255.255.255',
      '2001:200::1',
      '2001:4860:4860::8888',
      '2003::1',
      '2606:4700::1111',
      '2a00:1450:4001::1',
      '3ffe::1',
    ]) {
      it(address, () => assert.equal(isPublic(address), true))
    }
  })

  describe('refuses a private host in every notation of a URL', () => {
    for (const host of [
      '127.0.0.1',
      '127.1',
      '127.0.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '0X7F.0.0.0x1',
      '0177.0.0.1',
      '0177.1',
      '017700000001',
      '127.0.0.1.',
      '%31%32%37.0.0.1',
      '１２７.0.0.1',
      '127。0。0。1',
      '①②⑦.⓪.⓪.①',
      '0',
      '0.0.0.0',
      '10.1',
      '167772161',
      '0xA9FEA9FE',
      '0251.0376.0251.0376',
      '[::1]',
      '[0:0:0:0:0:0:0:1]',
      '[0000::0001]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
      '[fd00:ec2::254]',
    ]) {
      it(`http://${host}/`, () => {
        assert.throws(() => checkAddress(`http://${host}/`, nothing), { code: 'http.private' })
        assert.throws(() => checkAddress(`https://${host}:8443/x`, nothing), { code: 'http.private' })
      })
    }
  })

  for (const [what, address] of [
    ['a file', 'file:///etc/passwd'],
    ['FTP', 'ftp://ftp.example/'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/plain,x'],
    ['gopher', 'gopher://gazette.example:70/_x'],
    ['a name', 'https://ada@gazette.example/'],
    ['a password', 'https://:secret@gazette.example/'],
    ['no URL', 'gazette.example'],
    ['an empty host', 'http:///'],
    ['a broken IPv6 address', 'http://[::1/'],
    ['a zone', 'http://[fe80::1%25eth0]/'],
    ['an IPv4 address out of range', 'http://256.256.256.256/'],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => checkAddress(address, nothing), { code: 'http.address' })
    })
  }

  it('never shows the password that it refuses', () => {
    assert.throws(
      () => checkAddress('https://ada:hunter2@gazette.example/x', nothing),
      (thrown: Error) => !JSON.stringify(thrown).includes('hunter2') && !thrown.message.includes('hunter2'),
    )
    assert.equal(shown(new URL('https://ada:hunter2@gazette.example/x')), 'https://gazette.example/x')
  })

  it('takes a public address, and leaves its fragment away', () => {
    assert.equal(checkAddress('https://Gazette.example:443/a?b=c#d', nothing).href, 'https://gazette.example/a?b=c')
    assert.equal(checkAddress('http://8.8.8.8/', nothing).href, 'http://8.8.8.8/')
    assert.equal(checkAddress('http://[2606:4700::1111]/', nothing).hostname, '[2606:4700::1111]')
  })

  describe('lets through what the config allows, and exactly that', () => {
    const allowed = readAllowed(['127.0.0.1:4001', '[::1]:4002', 'Desk.Internal:80', 'intranet:443'])
    for (const [address, expected] of [
      ['http://127.0.0.1:4001/', true],
      ['http://2130706433:4001/', true],
      ['https://127.0.0.1:4001/', true],
      ['http://127.0.0.1:4002/', false],
      ['http://127.0.0.1/', false],
      ['http://127.0.0.2:4001/', false],
      ['http://localhost:4001/', false],
      ['http://[::1]:4002/', true],
      ['http://[::1]:4001/', false],
      ['http://[::ffff:127.0.0.1]:4001/', false],
      ['http://desk.internal/', true],
      ['https://desk.internal/', false],
      ['https://intranet/', true],
      ['http://intranet/', false],
      ['http://a.desk.internal/', false],
    ] as const) {
      it(`${address} ${expected ? 'is' : 'is not'}`, () => assert.equal(isAllowed(allowed, new URL(address)), expected))
    }

    it('but no other scheme and no password even there', () => {
      assert.throws(() => checkAddress('ftp://127.0.0.1:4001/', allowed), { code: 'http.address' })
      assert.throws(() => checkAddress('http://a:b@127.0.0.1:4001/', allowed), { code: 'http.address' })
    })
  })

  for (const entry of [
    '127.0.0.1',
    ':80',
    'http://127.0.0.1:80',
    'a@b:80',
    'desk:99999',
    'desk:80/x',
    'de sk:80',
    '',
  ]) {
    it(`takes no “${entry}” for a HOST:PORT`, () => {
      assert.equal(readAuthority(entry), undefined)
      assert.throws(() => readAllowed([entry]), { code: 'http.address' })
    })
  }
})
