import type { AcceptedMutant } from './accepted.ts';

/**
 * Why each survivor may live. `equivalent`: it does the same; `only cost`: it does the same with more requests, or later; everything
 * else says what stands behind it.
 */
export const ACCEPTED_BY_FILE: Readonly<Record<string, readonly AcceptedMutant[]>> = {
  'lib/runtime/batch/batch-in-progress.ts': [['floor', 'ceil', 'a second more of days']],
  'lib/runtime/batch/claim-items.ts': [
    ['items.length === 0', 'false', 'only cost: no item, no statement, no request'],
    [
      'claim.earlier && (isUsedUp || givenUpBefore)',
      'isUsedUp || givenUpBefore',
      'equivalent: a count above one comes with the record that it was read from; the type asks for it',
    ],
    ['return;', ';', 'equivalent: a claim has no `record`, so that `suspect` stays undefined', 2],
    [
      "item.outcome = { status: 'released', error: new NotBegunError() };",
      ';',
      'equivalent: what has no outcome is run, and does not begin after the deadline either',
    ],
  ],
  'lib/runtime/breaker/gate.ts': [
    [
      "outcome.status !== 'failed' || !outcome.recorded",
      '!outcome.recorded',
      'equivalent: only a failure has `recorded`; the type asks for it',
    ],
  ],
  'lib/runtime/batch/settle-items.ts': [
    ['claimed', 'true', 'only cost: the update of a record that is not ours is refused'],
    [
      "!outcome || outcome.status === 'released'",
      '!outcome',
      'what waits comes again whatever its record says',
    ],
    [
      "!outcome || outcome.status === 'released'",
      "outcome.status === 'released'",
      'equivalent: an event that is settled has an outcome; the type asks for it',
    ],
    [
      "!outcome || outcome.status === 'released' || outcome.status === 'leased'",
      "!outcome || outcome.status === 'released'",
      'equivalent: what is busy is not settled, and has no verdict',
    ],
    [
      "!outcome || outcome.status === 'released' || outcome.status === 'leased'",
      "outcome.status === 'leased'",
      'what waits comes again whatever its record says',
    ],
    ['return;', ';', 'equivalent: nothing comes after it', 5],
    ['digests: []', '...{}', 'equivalent: the digests of a failure that is not recorded are not read'],
  ],
  'lib/runtime/handling/context.ts': [
    ["'open'", "'mutant'", 'equivalent: whatever is neither committing, committed nor closed is open'],
    ["'open'", "'mutant'", 'equivalent: whatever is neither committing, committed nor closed is open', 2],
  ],
  'lib/runtime/deadline.ts': [
    ['round', 'floor', 'a millisecond in a text'],
    ['0', '1', 'equivalent: nobody is given a grace of one millisecond', 3],
  ],
  'lib/runtime/batch/dead-letter.ts': [
    [
      'MessageGroupId !== undefined && { MessageGroupId }',
      '{ MessageGroupId }',
      'equivalent: the SDK leaves out what is undefined',
    ],
  ],
  'lib/runtime/batch/suspects.ts': [
    [
      'first?.suspect?.attempts ?? 0',
      'first?.suspect?.attempts',
      'equivalent: what is handled apart begins with a suspect; the type asks for it',
    ],
  ],
  'lib/runtime/idempotency/take-over-update.ts': [
    [
      '!suspect && !withoutNotes',
      '!withoutNotes',
      'only cost: an update that writes notes and removes one is refused, and sent again without it',
    ],
  ],
  'lib/runtime/rate-limit/rate-limit-slots.ts': [
    [
      'error.Item?.nextSlotAt?.N ?? 0',
      'error.Item?.nextSlotAt?.N',
      'equivalent: like 0, what is no number is not later than the latest slot',
    ],
  ],
  'lib/publishing/http/problem-response.ts': [
    ["'RequestError'", "'mutant'", 'a name for people: what reads the error asks for its class'],
  ],
  'lib/publishing/http/producer-counter.ts': [
    ['answer.slice(0, 200)', 'answer', 'the length of a reason in a log line'],
  ],
  'lib/publishing/topic/send-with-retries.ts': [
    ['pending.length > 0', 'pending.length >= 0', 'equivalent: without entries it sends nothing and returns'],
  ],
  'lib/publishing/topic/topic-publisher.ts': [
    ['group[round] ?? -1', 'group[round]', 'equivalent: neither is an index; the type asks for it'],
    ["''", "'mutant'", 'equivalent: SNS gives an id to what it has accepted; the type asks for it'],
  ],
  'lib/aws/plain-http.ts': [
    [
      "typeof value === 'object' && value !== null && 'protocol' in value",
      "typeof value === 'object' && value !== null",
      'equivalent: a request of the SDK has both; the type asks for it',
    ],
  ],
  'lib/aws/transient.ts': [
    ["''", "'mutant'", 'equivalent: neither text is a code'],
    [
      '$metadata?.httpStatusCode ?? 0',
      '$metadata?.httpStatusCode',
      'equivalent: nothing is at least 500 that is undefined; the type asks for it',
    ],
    ['0', '1', 'equivalent: neither is the status of an answer'],
    [
      "typeof code === 'string' && NETWORK_CODE.test(code)",
      'NETWORK_CODE.test(code)',
      'only for a code that is no text: the pattern finds none in it',
    ],
  ],
};
