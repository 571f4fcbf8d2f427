/** Of the name of an app and of a stage. Both are in the names of queues, which have room for 80 characters. */
export const MAX_NAME_LENGTH = 20;

/** What an app may be called, in words. */
export const APP_NAME_RULE = `1 to ${MAX_NAME_LENGTH} lower case letters and digits, a letter first`;

/** Whether an app may have this name. It has no dash: in `<app>-<stage>` the first dash ends it. */
export function isAppName(name: string): boolean {
  return /^[a-z][a-z0-9]*$/.test(name) && name.length <= MAX_NAME_LENGTH;
}
