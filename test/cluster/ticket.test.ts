import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newTicket, openTicket, type SealedTicket, sealTicket } from '../../kernel/cluster/ticket.ts'

const secret = Buffer.from('a secret that is long enough')
const ticket = newTicket({ id: 'job-1', name: 'Process-1', session: 'me', tags: ['gpu'], packages: [] })
const sealed = sealTicket(secret, ticket)

/** What somebody may do who has no key. */
const forgeries: Readonly<Record<string, readonly [data: unknown, job: string, says: RegExp]>> = {
  'no signature': [{ ticket: sealed.ticket }, 'job-1', /no signature/],
  'nothing': [undefined, 'job-1', /no signature/],
  'text': ['run this', 'job-1', /no signature/],
  'an empty signature': [{ ...sealed, seal: '' }, 'job-1', /not of our key/],
  'the signature of another key': [sealTicket(Buffer.from('another secret that is long'), ticket), 'job-1', /not of our key/],
  'a changed ticket': [{ ...sealed, ticket: sealed.ticket.replace('gpu', 'cpu') }, 'job-1', /not of our key/],
  'a shortened signature': [{ ...sealed, seal: sealed.seal.slice(0, 8) } satisfies SealedTicket, 'job-1', /not of our key/],
  'a signature under another job': [sealed, 'job-2', /that of another job/],
  'one that is too old': [sealTicket(secret, { ...ticket, expires: Date.now() - 1 }), 'job-1', /its time is over/]
}

describe('the ticket of a job', () => {
  test('says with the key what it said', () => {
    assert.deepEqual(openTicket(secret, sealed, 'job-1'), ticket)
    assert.deepEqual(openTicket(secret, JSON.parse(JSON.stringify(sealed)), 'job-1'), ticket)
  })

  for (const [story, [data, job, says]] of Object.entries(forgeries)) {
    test(`${story} is refused`, () => assert.throws(() => openTicket(secret, data, job), { name: 'Refused', message: says }))
  }
})
