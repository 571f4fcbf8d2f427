import { randomBytes } from 'node:crypto';

/** `version-traceid-parentid-flags` @see https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The traceparent of something that an event caused: the same trace, a span of its own. Undefined when the event
 * carries none that can be read, so that a broken one is not passed on.
 */
export function childTraceparent(traceparent: string | undefined): string | undefined {
  const match = TRACEPARENT.exec(traceparent ?? '');
  if (!match) return undefined;
  return `00-${match[1]}-${randomBytes(8).toString('hex')}-${match[2]}`;
}
