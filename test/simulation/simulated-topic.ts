import { PublishBatchCommand } from '@aws-sdk/client-sns';
import type { Envelope } from '../../lib/contracts/envelope.ts';

/** SNS in memory: what is published goes to its subscriber; now and then an entry of a batch fails. */
export class SimulatedTopic {
  readonly published: Envelope[] = [];
  readonly #refuses: () => boolean;
  readonly #deliver: (body: string, groupId: string | undefined) => void;

  constructor(refuses: () => boolean, deliver: (body: string, groupId: string | undefined) => void) {
    this.#refuses = refuses;
    this.#deliver = deliver;
  }

  execute(command: unknown): object {
    if (!(command instanceof PublishBatchCommand))
      throw new TypeError(`the simulation does not know ${command?.constructor.name}`);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, Message = '', MessageGroupId } of command.input.PublishBatchRequestEntries ?? []) {
      if (this.#refuses()) {
        Failed.push({ Id, Code: 'InternalError', SenderFault: false });
        continue;
      }
      this.published.push(JSON.parse(Message));
      this.#deliver(Message, MessageGroupId);
      Successful.push({ Id, MessageId: `sns-${this.published.length}` });
    }
    return { Successful, Failed };
  }
}
