import type { Node } from 'constructs';
import { BRAKE_NAMES } from '../bus/brakes.ts';
import { ARCHIVE_NAMES } from './archive-names.ts';

/** All settings, by the names that `-c` and the context of cdk.json take. */
export const SETTING_NAMES = [
  'app',
  'stage',
  'profile',
  'alarmEmail',
  'alarmUrl',
  'alarmSlack',
  'runbookUrl',
  'jwtIssuer',
  'jwtAudience',
  'jwtScopes',
  'dataKey',
  'exports',
  'xray',
  'mailFrom',
  'receiptReasons',
  ...ARCHIVE_NAMES,
  ...BRAKE_NAMES,
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

const MAIL_ADDRESS = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

/** A setting, or undefined when it is not set. @throws TypeError when it is no text, or an empty one */
export function text(node: Node, name: SettingName): string | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.trim() === '') {
    throw new TypeError(`${name} is ${JSON.stringify(value)}; give it a value: -c ${name}=...`);
  }
  return value;
}

/** A setting that is an e-mail address, or undefined when it is not set. @throws TypeError when it is none */
export function mailAddress(node: Node, name: SettingName): string | undefined {
  const value = text(node, name);
  if (value !== undefined && !MAIL_ADDRESS.test(value)) {
    throw new TypeError(`${name} '${value}' is no e-mail address; use -c ${name}=you@example.com`);
  }
  return value;
}
