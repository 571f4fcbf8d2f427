import { createMessagingClients } from '../engines/clients.ts';
import type { MappingConfiguration } from '../event-sources/event-source-mapping.ts';
import type { FunctionConfiguration } from '../functions/function-configuration.ts';
import { createFunctionLog } from '../functions/function-log.ts';
import type { FunctionListener } from '../functions/local-function.ts';
import type { Machine } from '../resources/resource.ts';

/** The machine of the bus, as a guest uses it. */
export interface Host extends Machine {
  putFunction(configuration: FunctionConfiguration, listener?: FunctionListener): Promise<void>;
  /** Polls these queues no more, and waits a moment for the batches that are being processed. */
  removeMappings(names: readonly string[]): Promise<void>;
  /** Ends a function with its running invocations. */
  removeFunction(arn: string): Promise<void>;
}

export interface GuestMachineOptions {
  readonly account: string;
  /** Show every log line of functions, and not only warnings and errors. */
  readonly verbose: boolean;
  /** Gets each line for the guest's terminal. */
  readonly log: (line: string) => void;
}

/**
 * The machine of the bus, as another app sees it: with its own account, and its own terminal. The engines know the account by the access key
 * of the clients.
 */
export class GuestMachine implements Machine {
  readonly account: string;
  readonly sqs: Machine['sqs'];
  readonly sns: Machine['sns'];
  readonly note: Machine['note'];
  readonly environment: Machine['environment'];
  /** Of this app: when it comes back, their functions are asked again. */
  readonly customResources: Machine['customResources'] = new Map();
  readonly #host: Host;
  readonly #listener: FunctionListener;
  readonly #functions = new Set<string>();
  readonly #mappings = new Set<string>();

  constructor(host: Host, { account, verbose, log }: GuestMachineOptions) {
    this.#host = host;
    this.account = account;
    const { region, awsEndpoint: aws } = host;
    ({ sqs: this.sqs, sns: this.sns } = createMessagingClients({ region, aws }, account));
    this.environment = { ...host.environment, AWS_ACCESS_KEY_ID: account };
    this.note = log;
    this.#listener = createFunctionLog(log, verbose);
  }

  get region(): string {
    return this.#host.region;
  }

  get dynamodb(): Machine['dynamodb'] {
    return this.#host.dynamodb;
  }

  get alarms(): Machine['alarms'] {
    return this.#host.alarms;
  }

  get scheduler(): Machine['scheduler'] {
    return this.#host.scheduler;
  }

  get parameters(): Machine['parameters'] {
    return this.#host.parameters;
  }

  get described(): Machine['described'] {
    return this.#host.described;
  }

  get api(): Machine['api'] {
    return this.#host.api;
  }

  get apiUrl(): string {
    return this.#host.apiUrl;
  }

  get awsEndpoint(): string {
    return this.#host.awsEndpoint;
  }

  get functions(): Machine['functions'] {
    return this.#host.functions;
  }

  putFunction(configuration: FunctionConfiguration): Promise<void> {
    this.#functions.add(configuration.arn);
    return this.#host.putFunction(configuration, this.#listener);
  }

  putMapping(name: string, configuration: MappingConfiguration, functionArn: string): void {
    this.#mappings.add(name);
    this.#host.putMapping(name, configuration, functionArn);
  }

  startMappings(): void {
    this.#host.startMappings();
  }

  removeMapping(name: string): void {
    this.#host.removeMapping(name);
  }

  /** Polls the queues of this app no more, and waits for the batches that are being processed. */
  async drain(): Promise<void> {
    await this.#host.removeMappings([...this.#mappings]);
  }

  /** Stops everything that works for this app. What holds something stays. */
  async close(): Promise<void> {
    for (const name of this.#mappings) this.#host.removeMapping(name);
    await Promise.all([...this.#functions].map((arn) => this.#host.removeFunction(arn)));
    this.sqs.destroy();
    this.sns.destroy();
  }
}
