import type { AcceptedMutant } from './accepted.ts';

/**
 * Why each survivor may live. `equivalent`: it does the same; `only cost`: it does the same with more requests, or later; everything
 * else says what stands behind it.
 */
export const ACCEPTED_BY_FILE: Readonly<Record<string, readonly AcceptedMutant[]>> = {
  'lib/runtime/batch-in-progress.ts': [['floor', 'ceil', 'a second more of days']],
  'lib/runtime/claim-jobs.ts': [
    ['jobs.length === 0', 'false', 'only cost: no job, no statement, no request'],
    [
      "claim ?? unavailable(new Error('the claim had no answer'))",
      'claim',
      'equivalent: claimAll answers for each request; the type asks for it',
    ],
    [
      'claim.attempts > maxAttempts && claim.earlier',
      'claim.attempts > maxAttempts',
      'equivalent: a count above one comes with the record that it was read from; the type asks for it',
    ],
    ['return;', ';', 'equivalent: a claim has no `record`, so that `suspect` stays undefined', 2],
    [
      "job.outcome = { kind: 'waiting', error: new NotBegun() };",
      ';',
      'equivalent: what has no outcome is run, and does not begin after the deadline either',
    ],
  ],
  'lib/runtime/run-job.ts': [
    [
      "outcome.kind !== 'failed' || !outcome.recorded",
      '!outcome.recorded',
      'equivalent: only a failure has `recorded`; the type asks for it',
    ],
  ],
  'lib/runtime/settle-jobs.ts': [
    ['claimed', 'true', 'only cost: the update of a record that is not ours is refused'],
    [
      'claimed',
      '...{}',
      'equivalent: whether an event was claimed is not asked when a claim is given back',
      5,
    ],
    ["!outcome || outcome.kind === 'waiting'", '!outcome', 'what waits comes again whatever its record says'],
    [
      "!outcome || outcome.kind === 'waiting'",
      "outcome.kind === 'waiting'",
      'equivalent: an event that is settled has an outcome; the type asks for it',
    ],
    [
      "!outcome || outcome.kind === 'waiting' || outcome.kind === 'busy'",
      "!outcome || outcome.kind === 'waiting'",
      'equivalent: what is busy is not settled, and has no verdict',
    ],
    [
      "!outcome || outcome.kind === 'waiting' || outcome.kind === 'busy'",
      "outcome.kind === 'busy'",
      'what waits comes again whatever its record says',
    ],
    ['return;', ';', 'equivalent: nothing comes after it', 5],
    ['digests: []', '...{}', 'equivalent: the digests of a failure that is not recorded are not read'],
  ],
  'lib/runtime/deadline.ts': [
    ['round', 'floor', 'a millisecond in a text'],
    ['0', '1', 'equivalent: nobody is given a grace of one millisecond', 3],
  ],
  'lib/runtime/dead-letter.ts': [
    [
      'MessageGroupId !== undefined && { MessageGroupId }',
      '{ MessageGroupId }',
      'equivalent: the SDK leaves out what is undefined',
    ],
    [
      "''",
      "'mutant'",
      'equivalent: every entry has a body and attributes of both parts; the type asks for it',
      2,
    ],
    [
      "''",
      "'mutant'",
      'equivalent: every entry has a body and attributes of both parts; the type asks for it',
      3,
    ],
    [
      "''",
      "'mutant'",
      'equivalent: every entry has a body and attributes of both parts; the type asks for it',
      4,
    ],
  ],
  'lib/runtime/transient.ts': [
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
