import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { APP_NAME_RULE, isAppName, MAX_NAME_LENGTH } from '../project/app-name.ts';

/** What happens to the data of a stage: `dev` deletes everything when it is destroyed, `prod` keeps data, queues, keys and logs. */
export type Profile = 'dev' | 'prod';

export interface StageProps {
  /** The app that is deployed: 1 to 20 lower case letters and digits, a letter first. Another app in the account has another name. */
  readonly app: string;
  /** Which deployment of the app it is: 1 to 20 lower case letters, digits and single dashes, a letter first. */
  readonly name: string;
  /** @default - `prod` for the stage `prod`, `dev` for every other */
  readonly profile?: Profile | undefined;
}

/** What a profile decides. */
interface Keeping {
  readonly logRetention: RetentionDays;
  readonly terminationProtection: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly bucketAccessLogs: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
}

const KEEPING: Readonly<Record<Profile, Keeping>> = {
  dev: {
    logRetention: RetentionDays.ONE_WEEK,
    terminationProtection: false,
    removalPolicy: RemovalPolicy.DESTROY,
    bucketAccessLogs: false,
    pointInTimeRecovery: false,
    deletionProtection: false,
  },
  prod: {
    logRetention: RetentionDays.THREE_MONTHS,
    terminationProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    bucketAccessLogs: true,
    pointInTimeRecovery: true,
    deletionProtection: true,
  },
};

const STAGE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * One deployment of an app. Several apps, and several stages of each, share an account and a region: the names of their stacks, and so of
 * all resources, begin with `<app>-<stage>-`.
 *
 * @throws TypeError when one of the names cannot be a part of that
 */
export class Stage implements Keeping {
  readonly app: string;
  readonly name: string;
  readonly profile: Profile;
  readonly logRetention: RetentionDays;
  /** CloudFormation refuses to delete the stacks until this is turned off. */
  readonly terminationProtection: boolean;
  /**
   * What becomes of data, queues, keys and logs when their stack is destroyed, or an update replaces them. Queues that are
   * kept have no consumer any more, cost nothing, and lose their messages when their retention ends.
   */
  readonly removalPolicy: RemovalPolicy;
  /**
   * S3 logs who asks the bucket of large data for what. A stack cannot be destroyed while its bucket holds anything, and a bucket of logs
   * always does, so only a stage that is kept has them.
   */
  readonly bucketAccessLogs: boolean;
  /** Tables can be restored to any second of the last 35 days. */
  readonly pointInTimeRecovery: boolean;
  /** Tables cannot be deleted until this is turned off. */
  readonly deletionProtection: boolean;

  constructor({ app, name, profile = name === 'prod' ? 'prod' : 'dev' }: StageProps) {
    checkApp(app);
    checkName(name);
    this.app = app;
    this.name = name;
    this.profile = profile;
    const keeping = KEEPING[profile];
    this.logRetention = keeping.logRetention;
    this.terminationProtection = keeping.terminationProtection;
    this.removalPolicy = keeping.removalPolicy;
    this.bucketAccessLogs = keeping.bucketAccessLogs;
    this.pointInTimeRecovery = keeping.pointInTimeRecovery;
    this.deletionProtection = keeping.deletionProtection;
  }

  /** Of the metrics that are Fanfare's own. */
  get metricsNamespace(): string {
    return `Fanfare/${this.app}/${this.name}`;
  }

  /** What every stack of the stage is found by. AWS Budgets compares one tag only, so the last one says both. */
  get tags(): Readonly<Record<string, string>> {
    const { app, name } = this;
    return { 'fanfare:app': app, 'fanfare:stage': name, 'fanfare:deployment': `${app}-${name}` };
  }
}

function checkApp(app: string): void {
  if (isAppName(app)) return;
  throw new TypeError(
    `app '${app}' cannot begin the names of stacks; use ${APP_NAME_RULE}, such as bookshop. ` +
      'It has no dash: in <app>-<stage> the first dash ends it',
  );
}

function checkName(name: string): void {
  if (STAGE.test(name) && name.length <= MAX_NAME_LENGTH) return;
  throw new TypeError(
    `stage '${name}' cannot be a part of the names of stacks; use 1 to ${MAX_NAME_LENGTH} lower case letters, digits and single dashes, ` +
      'a letter first, for example -c stage=dev or -c stage=ada-2',
  );
}
