/** A date and time of a calendar, without the zone that it is in. Months count from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether it names a time zone of the IANA database, such as `Europe/Vienna`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    // The constructor refuses every other name.
    return false;
  }
}

/** What clocks in a zone show at a moment. @param epochMs epoch milliseconds */
export function localTimeOf(epochMs: number, zone: string): LocalTime {
  const parts = formatOf(zone).formatToParts(epochMs);
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
    second: read('second'),
  };
}

/**
 * When clocks in a zone show a time: epoch milliseconds. The first moment when they show it twice, and undefined when they never show it,
 * because of daylight saving time.
 */
export function momentOf(time: LocalTime, zone: string): number | undefined {
  const asUtc = utcOf(time);
  // JavaScript reads February 30 as March 2.
  if (!isSame(localTimeOf(asUtc, 'UTC'), time)) return undefined;
  // No zone is further from UTC than a day, so the zone's distance a day before and after covers every change of clocks.
  const distances = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => utcOf(localTimeOf(near, zone)) - near);
  const moments = distances
    .map((distance) => asUtc - distance)
    .filter((moment) => utcOf(localTimeOf(moment, zone)) === asUtc);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function isSame(one: LocalTime, other: LocalTime): boolean {
  return (
    one.month === other.month &&
    one.day === other.day &&
    one.hour === other.hour &&
    one.minute === other.minute
  );
}

function utcOf({ year, month, day, hour, minute, second }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}
