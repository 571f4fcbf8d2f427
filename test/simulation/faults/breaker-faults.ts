import type { Fault } from './fault.ts';

/** Faults in what stops a consumer and lets it flow again. The stories of outages have to catch them. */
export const BREAKER_FAULTS: Readonly<Record<string, Fault>> = {
  'the breaker never opens': {
    file: 'lib/runtime/breaker/batch-gate.ts',
    find: 'if (!breaker.stopped && trip) await breaker.open(trip, { version: versionOf(state), queueArn, until });',
    replace: '',
  },
  'an outage uses up the last attempt': {
    file: 'lib/runtime/breaker/batch-gate.ts',
    find: 'const trip = monitor.trip ?? lastAttemptOf(outages, state);',
    replace: 'const trip = monitor.trip;',
  },
  'the failures that open it count': {
    file: 'lib/runtime/breaker/batch-gate.ts',
    find: 'if (breaker.stopped) release(',
    replace: 'if (breaker.stopped && !trip) release(',
  },
  'nothing is given up that stops all others': {
    file: 'lib/runtime/breaker/probe-gate.ts',
    find: 'if (givesUp) {',
    replace: 'if (givesUp && maxAttempts < 0) {',
  },
  'an event is given up after an hour': {
    file: 'lib/intake/controller/give-up.ts',
    find: 'PATIENCE_SECONDS = 86_400',
    replace: 'PATIENCE_SECONDS = 3_600',
  },
  'a failed probe counts': {
    file: 'lib/runtime/breaker/probe-gate.ts',
    find: 'if (isOwn) return',
    replace: "if (isOwn || cause !== 'alike') return",
  },
  'the count of attempts gives up what a crash has interrupted': {
    file: 'lib/runtime/batch/claim-items.ts',
    find: 'claim.attempts > maxAttempts && !hasBreaker',
    replace: 'claim.attempts > maxAttempts',
  },
  'the polling is never stopped': {
    file: 'lib/intake/controller/tick-trip.ts',
    find: "await ports.setPolling(functionName, 'off')",
    replace: "await ports.setPolling(functionName, 'on')",
  },
  'the polling is not started again': {
    file: 'lib/intake/controller/tick-trip.ts',
    find: "if ((await ports.setPolling(trip.functionName, 'on')) === 'busy') return SOON;",
    replace: '',
  },
  'a control message is done after its first tick': {
    file: 'lib/intake/controller/create-controller.ts',
    find: "if (tick === 'done') return true;",
    replace: 'return true;',
  },
  'a probe that passes leaves the breaker open': {
    file: 'lib/intake/controller/tick-trip.ts',
    find: "if (result.status === 'passed') return close",
    replace: "if (result.status === 'passed' && trip.version < 0) return close",
  },
  'the event of a failed probe is deleted': {
    file: 'lib/intake/controller/run-probes.ts',
    find: 'if (!keeps) await queue.delete(queueUrl, message);',
    replace: 'await queue.delete(queueUrl, message);',
  },
  'a poison event opens the breaker whatever succeeds': {
    file: 'lib/runtime/breaker/batch-gate.ts',
    find: 'return at > (earlier?.lastActiveAt',
    replace: 'return at === Infinity && at > (earlier?.lastActiveAt',
  },
};
