/** How the keywords begin that EventBridge Scheduler replaces. @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
export const SCHEDULE_KEYWORD = '<aws.scheduler.';
/** The same for a reader of JSON. EventBridge Scheduler does not know it. */
export const ESCAPED_KEYWORD = String.raw`\u003caws.scheduler.`;

/** A JSON text as it is in the input of a schedule, where its keywords stay text. Each of them becomes 5 bytes longer. */
export function scheduleText(json: string): string {
  return json.replaceAll(SCHEDULE_KEYWORD, ESCAPED_KEYWORD);
}
