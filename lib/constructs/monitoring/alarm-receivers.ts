/** A channel of Slack, as Amazon Q Developer in chat applications (formerly AWS Chatbot) knows it. */
export interface SlackChannel {
  /** Of the workspace, once authorised in the console of Amazon Q Developer: `T` and capitals or digits. */
  readonly workspaceId: string;
  /** At the end of the channel's link: `C` or `G` and capitals or digits. */
  readonly channelId: string;
}

/** Who gets the alarms: each receiver is notified when an alarm is raised and when it is over. */
export interface AlarmReceivers {
  /** An address; AWS asks it once to confirm. @default - no mail */
  readonly email?: string | undefined;
  /**
   * An https address that takes SNS's notifications and confirms the subscription itself, as PagerDuty, Opsgenie and others do. Its path
   * is often a secret; the template has it in plain text.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
   */
  readonly httpsUrl?: string | undefined;
  /**
   * @default - no channel
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   */
  readonly slack?: SlackChannel | undefined;
}

const MAIL_ADDRESS = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;
const WORKSPACE_ID = /^T[0-9A-Z]{1,254}$/;
const CHANNEL_ID = /^[CG][0-9A-Z]{1,254}$/;

/** @throws TypeError naming the receiver, what it is, and what it may be */
export function checkReceivers({ email, httpsUrl, slack }: AlarmReceivers): void {
  if (email !== undefined && !MAIL_ADDRESS.test(email)) {
    throw new TypeError(`'${email}' is no e-mail address; alarms go to one like you@example.com`);
  }
  if (httpsUrl !== undefined && (!URL.canParse(httpsUrl) || new URL(httpsUrl).protocol !== 'https:')) {
    throw new TypeError(
      `'${httpsUrl}' is no https address; alarms go to one like https://events.pagerduty.com/integration/KEY/enqueue`,
    );
  }
  if (slack !== undefined && !(WORKSPACE_ID.test(slack.workspaceId) && CHANNEL_ID.test(slack.channelId))) {
    throw new TypeError(
      `'${slack.workspaceId}/${slack.channelId}' is no workspace and channel of Slack; alarms go to one like T07EZ4VPT/C0123456789 ` +
        '(ids, not names: see the link of the channel)',
    );
  }
}

/** Whether there is any receiver. */
export function hasReceiver({ email, httpsUrl, slack }: AlarmReceivers): boolean {
  return email !== undefined || httpsUrl !== undefined || slack !== undefined;
}
