import type { ScheduledEvent } from '../../../ops/scheduled/scheduled-event.ts';
import { isoTimes } from '../../terminal/iso-times.ts';

/** An event that comes later as JSON. */
export function scheduledJson(event: ScheduledEvent): object {
  return isoTimes(event, 'deliverAt');
}
