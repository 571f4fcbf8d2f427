import { randomBytes } from 'node:crypto';

/** The form `version-traceid-parentid-flags`. @see https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The traceparent of an emitted event: the same trace with a new span. Undefined when the handled event has no valid traceparent.
 */
export function childTraceparent(traceparent: string | undefined): string | undefined {
  const match = TRACEPARENT.exec(traceparent ?? '');
  if (!match) return undefined;
  return `00-${match[1]}-${randomBytes(8).toString('hex')}-${match[2]}`;
}
