import type { EngineApp } from '../engines/fauxqs.ts';
import type { FunctionConfiguration } from '../functions/function-configuration.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import {
  ENGINES,
  type Engine,
  FAULT_KINDS,
  type Fault,
  type FaultKind,
  isEngine,
  isFaultKind,
} from './fault.ts';
import { FaultGateway } from './fault-gateway.ts';

/** The engine of each endpoint variable of the SDK. */
const ENGINE_OF: Readonly<Record<string, Engine>> = {
  AWS_ENDPOINT_URL: 'aws',
  AWS_ENDPOINT_URL_DYNAMODB: 'dynamodb',
  AWS_ENDPOINT_URL_SNS: 'aws',
  AWS_ENDPOINT_URL_SQS: 'aws',
  AWS_ENDPOINT_URL_S3: 'aws',
  AWS_ENDPOINT_URL_SESV2: 'aws',
  AWS_ENDPOINT_URL_EVENTBRIDGE: 'aws',
  AWS_ENDPOINT_URL_SCHEDULER: 'aws',
  AWS_ENDPOINT_URL_SSM: 'aws',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: 'aws',
};

/** The faults that are on. It changes the configuration of functions as the faults need it. */
export class FaultRegistry {
  readonly #faults = new Map<string, FaultKind>();
  /** Configurations from the templates, without faults, by function name. */
  readonly #configurations = new Map<string, FunctionConfiguration>();
  readonly #functions: () => Iterable<LocalFunction>;
  readonly #gateway: FaultGateway;

  constructor(engines: Readonly<Record<Engine, string>>, functions: () => Iterable<LocalFunction>) {
    this.#functions = functions;
    this.#gateway = new FaultGateway(engines, {
      faultOf: (target) => this.#faults.get(target),
      crash: (name) => this.#functionNamed(name)?.crash(),
    });
  }

  get faults(): readonly Fault[] {
    return [...this.#faults].map(([target, kind]) => ({ target, kind }));
  }

  start(): Promise<void> {
    return this.#gateway.listen();
  }

  stop(): Promise<void> {
    return this.#gateway.stop();
  }

  /** The configuration of a function with its faults. Call it for every function that is created or changed. */
  withFaults(configuration: FunctionConfiguration): FunctionConfiguration {
    const { name, environment } = configuration;
    this.#configurations.set(name, configuration);
    const isEngineUnreachable = ENGINES.some((engine) => this.#faults.has(engine));
    const ownFault = this.#faults.get(name);
    const needsGateway = ownFault !== undefined && ownFault !== 'duplicate';
    if (!isEngineUnreachable && !needsGateway) return configuration;
    const endpoints = Object.entries(ENGINE_OF).map(([variable, engine]) => [
      variable,
      this.#gateway.endpointOf(name, engine),
    ]);
    return { ...configuration, environment: { ...environment, ...Object.fromEntries(endpoints) } };
  }

  /**
   * Turns a fault on; an undefined kind turns the fault off.
   *
   * @throws Error when there is no such target, or the target cannot have this fault
   */
  async set(target: string, kind: FaultKind | undefined): Promise<void> {
    if (!isEngine(target) && !this.#configurations.has(target)) {
      const known = [...this.#configurations.keys(), ...ENGINES].join(', ');
      throw new Error(`there is no function or engine '${target}'; there are ${known}`);
    }
    if (kind !== undefined && isEngine(target) !== (kind === 'unreachable')) {
      throw new Error(
        `'${kind}' is no fault for ${target}: 'unreachable' is for engines, the others are for functions`,
      );
    }
    if (kind === undefined) this.#faults.delete(target);
    else this.#faults.set(target, kind);
    for (const one of this.#functions()) await this.#apply(one);
  }

  /** Adds `GET /_fanfare/faults`, `PUT` and `DELETE /_fanfare/faults/:target`. Call it before the engine listens. */
  serve(app: EngineApp): void {
    app.get('/_fanfare/faults', () => this.faults);
    app.put<{ Params: { target: string }; Querystring: { kind?: string } }>(
      '/_fanfare/faults/:target',
      async ({ params, query }, reply) => {
        if (!isFaultKind(query.kind)) {
          return reply.status(400).send({ message: `kind must be one of ${FAULT_KINDS.join(', ')}` });
        }
        return this.#answer(reply, params.target, query.kind);
      },
    );
    app.delete<{ Params: { target: string } }>('/_fanfare/faults/:target', ({ params }, reply) =>
      this.#answer(reply, params.target, undefined),
    );
  }

  async #answer(reply: { status(code: number): unknown }, target: string, kind: FaultKind | undefined) {
    try {
      await this.set(target, kind);
      return this.faults;
    } catch (error) {
      // The caller gave a wrong name. The message lists the valid ones.
      reply.status(400);
      return { message: error instanceof Error ? error.message : String(error) };
    }
  }

  #functionNamed(name: string): LocalFunction | undefined {
    return [...this.#functions()].find(({ configuration }) => configuration.name === name);
  }

  async #apply(one: LocalFunction): Promise<void> {
    const { name } = one.configuration;
    const configuration = this.#configurations.get(name);
    if (!configuration) return;
    one.deliversTwice = this.#faults.get(name) === 'duplicate';
    await one.replace(this.withFaults(configuration));
  }
}
