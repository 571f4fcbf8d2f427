import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EventContract } from '../../../contracts/define-event.ts';
import type { ProducerDefinition } from '../../../contracts/producers/define-producer.ts';
import { type ProducerRule, producerRule } from '../../../contracts/producers/producer-rule.ts';
import type { Settings } from '../../settings.ts';
import type { DataBucket } from '../data-bucket.ts';
import { allowReading } from './allow-reading.ts';
import { checkForeignPublishers, type ForeignPublisher } from './foreign-publisher.ts';
import { type ForeignReaders, type ForeignReadersProps, readForeignReaders } from './foreign-readers.ts';
import { allowTopicPublisher, PublisherRole } from './publisher-role.ts';

/** What a bus lets other accounts do. */
export interface OtherAccountsProps extends ForeignReadersProps {
  /**
   * Who may publish from another account, and how: `api`, with a role of the bus that it assumes, or `topic`, at most 10. If producers are declared, a
   * publisher over the API has to be one of them. See docs/other-repositories.md.
   *
   * @default - only the account of the bus
   */
  readonly allowPublishers?: readonly ForeignPublisher[] | undefined;
}

/** The parts of a bus that other accounts use. */
export interface SharedParts {
  readonly topic: ITopic;
  readonly key: Key;
  readonly dataBucket: DataBucket;
  readonly dataKey: Key | undefined;
  grantPublish(grantee: IGrantable, events: readonly EventContract[]): Grant;
}

export interface OtherAccountsOfBus extends OtherAccountsProps {
  readonly producers: readonly ProducerDefinition[];
  readonly settings: Settings;
}

/** The other accounts that may use a bus. Nothing of the template, when there are none. */
export class OtherAccounts extends Construct {
  readonly readers: ForeignReaders;
  /** What each publisher over the API assumes, by its `principal`. */
  readonly publisherRoles: ReadonlyMap<string, IRole>;
  readonly #publishers: readonly ForeignPublisher[];

  /** @throws TypeError when an account, the organization or a publisher is not valid */
  constructor(scope: Construct, id: string, props: OtherAccountsOfBus) {
    super(scope, id);
    const { allowPublishers: publishers = [], producers, settings } = props;
    this.readers = readForeignReaders(this, props);
    checkForeignPublishers(this, publishers, producers);
    const callers = publishers.filter(({ through }) => through === 'api').map(({ principal }) => principal);
    if (callers.length > 0 && settings.jwt !== undefined) {
      throw new TypeError(
        `${callers[0]} in allowPublishers cannot call the API with a role, because the API accepts tokens of ${settings.jwt.issuer} only; ` +
          'give it a token, and take it out of allowPublishers',
      );
    }
    this.publisherRoles = new Map(
      callers.map((principal) => [principal, new PublisherRole(this, principal)]),
    );
    this.#publishers = publishers;
  }

  /** The rule of a producer. API Gateway sees a producer of another account as the role that it has assumed. */
  ruleOf(producer: ProducerDefinition): ProducerRule {
    const rule = producerRule(producer);
    const role = rule.iam === undefined ? undefined : this.publisherRoles.get(rule.iam);
    return role === undefined ? rule : { ...rule, iam: role.roleArn };
  }

  /** Writes the policies of the parts of the bus. */
  open(parts: SharedParts): void {
    allowReading({ bucket: parts.dataBucket, key: parts.dataKey }, this.readers);
    for (const publisher of this.#publishers) {
      const role = this.publisherRoles.get(publisher.principal);
      if (publisher.through === 'topic') allowTopicPublisher(parts, publisher);
      else if (role !== undefined) parts.grantPublish(role, publisher.events);
    }
  }
}
