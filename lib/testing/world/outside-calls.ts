/** A call that leaves the consumer: an AWS service that is no table of its own, or `fetch`. */
export interface OutsideCall {
  /** As the SDK names it: `SESv2`, `SNS`, `S3`; or `fetch`. */
  readonly service: string;
  /** `SendEmail`; of a `fetch` its method. */
  readonly operation: string;
  /** Input of the command; of a `fetch` its `url`, `headers` and `body`. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What other services answer to the handler, by `Service.Operation` as the SDK names them: `'SESv2.SendEmail'`. A throw is their error. */
export type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

/** Answers `fetch`. A throw is a network error. */
export type AnswerFetch = (request: Request) => Response | Promise<Response>;

type Entries = readonly { readonly Id?: string }[] | undefined;

const successful = (entries: unknown): object => ({
  // The SDK's batch commands all have a list of entries with ids.
  Successful: ((entries as Entries) ?? []).map(({ Id }) => ({ Id, MessageId: `message-${Id}` })),
  Failed: [],
});

/** The default answers: sending succeeds. */
const DEFAULT_ANSWERS: Answers = {
  'SESv2.SendEmail': () => ({ MessageId: 'mail' }),
  'SES.SendEmail': () => ({ MessageId: 'mail' }),
  'SNS.Publish': () => ({ MessageId: 'message' }),
  'SNS.PublishBatch': ({ PublishBatchRequestEntries }) => successful(PublishBatchRequestEntries),
  'SQS.SendMessage': () => ({ MessageId: 'message' }),
  'SQS.SendMessageBatch': ({ Entries }) => successful(Entries),
  'S3.PutObject': () => ({}),
  'S3.DeleteObject': () => ({}),
};

/** What a service answers, by `Service.Operation`; undefined when the test gives no answer. */
export function answerOf(answers: Answers, name: string): Answers[string] | undefined {
  return answers[name] ?? DEFAULT_ANSWERS[name];
}

/** A `fetch` as a call: what is in it, read once. */
export async function readRequest(request: Request): Promise<OutsideCall> {
  return {
    service: 'fetch',
    operation: request.method,
    input: {
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.clone().text(),
    },
  };
}
