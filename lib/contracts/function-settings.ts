/** Where a secret is kept. Its name may have `{stage}` in it, which becomes the name of the stage: `shop/{stage}/stripe`. */
export type SecretSource =
  /** The name of a secret of AWS Secrets Manager, without the six characters that its ARN ends with. */
  | { readonly secretsManager: string }
  /** The name of a parameter of Systems Manager, a SecureString for example; with a leading slash if it has slashes. */
  | { readonly ssmParameter: string };

/** Secrets by the name that the handler asks for. */
export type SecretSources = Readonly<Record<string, SecretSource>>;

/** How many event pollers are kept ready for a queue. Each costs by the hour. */
export interface ProvisionedPollers {
  /** Kept ready all the time, 2 to 200. */
  readonly min: number;
  /** Scaled up to, 2 to 2,000, and at least `min`; each poller runs up to 10 invocations at once. */
  readonly max: number;
}

/** What a consumer says of its function and of who polls its queue: data alone, no CDK. */
export interface FunctionSettings<Secrets extends SecretSources = SecretSources> {
  /** Function time-out in seconds, 1 to 900. @default 30 */
  readonly timeoutSeconds: number;
  /** Function memory in MiB, 128 to 10,240. @default 256 */
  readonly memoryMegabytes: number;
  /**
   * Variables of the handler's own, plain text that everybody sees who may look at the function: no secrets. Names that belong to Fanfare,
   * Powertools or Lambda are refused. A value that is known only at synth goes to the `environment` of ConsumerStack.
   *
   * @default - none
   */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Secrets by the name that the handler asks for with `ctx.secret(name)`. Each is fetched when it is asked for first, once per process, and
   * never logged. The function may read these and no other. See docs/consumers.md.
   *
   * @default - none
   */
  readonly secrets: Secrets;
  /** Processor of the function. Layers and native packages must be built for it. @default arm64 */
  readonly architecture: 'arm64' | 'x86_64';
  /**
   * How long CloudWatch keeps the function's log, in days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
   * 2557, 2922, 3288 or 3653.
   *
   * @default - as long as the stage says: 7 in dev, 90 in prod
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Invocations at once that the account reserves for the function, and the most that it gets: at least `maxConcurrency`, or Lambda throttles
   * what it polls.
   *
   * @default - none: the function shares those of the account
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number | undefined;
  /**
   * Keeps event pollers ready for bursts. It takes the place of `maxConcurrency`, which Lambda does not take beside it.
   *
   * @default - Lambda scales the pollers itself
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly provisionedPollers?: ProvisionedPollers | undefined;
  /** Whether X-Ray traces the function. @default - as the bus says (`-c xray=on`) */
  readonly tracing?: boolean | undefined;
}

/** What one event poller runs at once at most. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const INVOCATIONS_PER_POLLER = 10;

/** Concurrent invocations at most that these pollers make. */
export function concurrencyOf({ max }: ProvisionedPollers): number {
  return max * INVOCATIONS_PER_POLLER;
}
