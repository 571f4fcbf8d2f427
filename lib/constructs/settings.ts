import type { Node } from 'constructs';
import { type Brakes, readBrakes } from './bus/brakes.ts';
import { RUNBOOK } from './bus/imported/imported-event-bus.ts';
import {
  type AlarmReceivers,
  checkReceivers,
  hasReceiver,
  type SlackChannel,
} from './monitoring/alarm-receivers.ts';
import type { ArchiveSettings } from './settings/archive-names.ts';
import { mailAddress, text } from './settings/context-text.ts';
import { readArchive } from './settings/read-archive.ts';
import { type JwtSettings, readJwt } from './settings/read-jwt.ts';
import { readStage } from './settings/read-stage.ts';
import { refuseMisspelt } from './settings/refuse-misspelt.ts';
import type { Stage } from './stage.ts';

/** What can be set from outside, with `-c name=value`. */
export interface Settings {
  /**
   * Which deployment of which app. `app` is required and stands in the context of cdk.json; `-c stage=` is any name, `dev` by default;
   * `-c profile=dev|prod` says how it keeps what it holds: by default as `prod` for the stage `prod`, and as `dev` for every other.
   */
  readonly stage: Stage;
  /**
   * `-c alarmEmail=`, `-c alarmUrl=` (https) and `-c alarmSlack=WORKSPACE/CHANNEL` (their ids): who is told of alarms.
   *
   * @default - alarms have no receiver; refused in prod
   */
  readonly alarmReceivers: AlarmReceivers;
  /**
   * `-c runbookUrl=`: where docs/runbook.md can be read, https; each alarm links to its heading there.
   *
   * @default docs/runbook.md - the path in the project
   */
  readonly runbookUrl: string;
  /**
   * `-c jwtIssuer=` with `-c jwtAudience=` and `-c jwtScopes=` (several with commas; prod needs one). @default - callers sign with IAM
   * credentials
   */
  readonly jwt?: JwtSettings;
  /**
   * `-c dataKey=aws|own`: who holds the key of logs and of the bucket for large data. `own` is a key of the account, which costs 1 dollar a
   * month. @default aws
   */
  readonly dataKey: 'aws' | 'own';
  /**
   * `-c xray=on|off`: whether X-Ray traces the functions, at 5 dollars for a million traces. It sees Lambda's own work alone, for nothing is
   * instrumented; Lambda's sampling (one request a second and 5 % of the rest) cannot be changed.
   *
   * @default off
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
   */
  readonly xray: boolean;
  /**
   * `-c exports=keep|none`: `keep` is for the one deployment that comes from version 0.2. See CHANGELOG.md.
   *
   * @default none
   */
  readonly exports: 'keep' | 'none';
  /** `-c archive=on|off`: whether the bus keeps its events in S3. See docs/archive.md. @default on; undefined when it is off */
  readonly archive?: ArchiveSettings | undefined;
  /** Limits of the HTTP API and of what it may cost. */
  readonly brakes: Brakes;
  /** `-c mailFrom=`: the sender of the app's mails, an identity verified in SES. @default <app>@example.com */
  readonly mailFrom: string;
  /**
   * `-c receiptReasons=on|off`: whether the receipt of an event says why an attempt has failed. The reason is the message of an error, which may
   * hold customers' data. See docs/receipts.md.
   *
   * @default on
   */
  readonly receiptReasons: 'on' | 'off';
}

/**
 * Reads the settings from the app's context.
 *
 * @throws TypeError naming the setting, what it is, and what it may be
 */
export function readSettings(node: Node): Settings {
  refuseMisspelt(node);
  const stage = readStage(node);
  const alarmReceivers = readReceivers(node);
  if (stage.profile === 'prod' && !hasReceiver(alarmReceivers)) {
    throw new TypeError(
      `stage '${stage.name}' has alarms without a receiver; name one: ` +
        `npx cdk deploy --all -c stage=${stage.name} -c alarmEmail=you@example.com (or alarmUrl, or alarmSlack)`,
    );
  }
  const brakes = readBrakes(node, stage);
  if (brakes.monthlyBudget !== undefined && alarmReceivers.email === undefined) {
    throw new TypeError(
      'monthlyBudget is set, but nobody would get the mail that AWS sends; add -c alarmEmail=you@example.com',
    );
  }
  return {
    stage,
    alarmReceivers,
    runbookUrl: readRunbookUrl(node),
    brakes,
    jwt: readJwt(node, stage),
    dataKey: readDataKey(node),
    exports: readExports(node),
    xray: readXray(node),
    archive: readArchive(node),
    mailFrom: mailAddress(node, 'mailFrom') ?? `${stage.app}@example.com`,
    receiptReasons: readReceiptReasons(node),
  };
}

function readReceivers(node: Node): AlarmReceivers {
  const receivers: AlarmReceivers = {
    email: mailAddress(node, 'alarmEmail'),
    httpsUrl: text(node, 'alarmUrl'),
    slack: readSlack(node),
  };
  checkReceivers(receivers);
  return receivers;
}

function readSlack(node: Node): SlackChannel | undefined {
  const value = text(node, 'alarmSlack');
  if (value === undefined) return undefined;
  const [workspaceId = '', channelId = '', ...rest] = value.split('/');
  return { workspaceId, channelId: [channelId, ...rest].join('/') };
}

function readRunbookUrl(node: Node): string {
  const value = text(node, 'runbookUrl');
  if (value === undefined) return RUNBOOK;
  if (!URL.canParse(value) || new URL(value).protocol !== 'https:' || value.includes('#')) {
    throw new TypeError(
      `runbookUrl '${value}' is no https address without a '#'; say where ${RUNBOOK} can be read, for example ` +
        `-c runbookUrl=https://github.com/you/app/blob/main/${RUNBOOK}`,
    );
  }
  return value;
}

function readDataKey(node: Node): Settings['dataKey'] {
  const value = text(node, 'dataKey') ?? 'aws';
  if (value !== 'aws' && value !== 'own') {
    throw new TypeError(
      `dataKey '${value}' does not exist; use aws (keys of CloudWatch and S3) or own (a key of the account)`,
    );
  }
  return value;
}

function readExports(node: Node): Settings['exports'] {
  const value = text(node, 'exports') ?? 'none';
  if (value !== 'keep' && value !== 'none') {
    throw new TypeError(
      `exports '${value}' does not exist; use keep (once, when a deployment comes from version 0.2) or none`,
    );
  }
  return value;
}

function readXray(node: Node): boolean {
  const value = text(node, 'xray') ?? 'off';
  if (value !== 'on' && value !== 'off') {
    throw new TypeError(`xray '${value}' does not exist; use on (5 dollars for a million traces) or off`);
  }
  return value === 'on';
}

function readReceiptReasons(node: Node): Settings['receiptReasons'] {
  const value = text(node, 'receiptReasons') ?? 'on';
  if (value !== 'on' && value !== 'off') {
    throw new TypeError(
      `receiptReasons '${value}' does not exist; use on or off (a receipt does not say why an attempt has failed)`,
    );
  }
  return value;
}
