import type { EngineApp } from '../engines/fauxqs.ts';
import { readRequest } from '../requests/read-request.ts';

/** An execution that Step Functions would have run. */
export interface KeptExecution {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  /** As the caller gave it: JSON. */
  readonly input: string;
  /** Epoch seconds. */
  readonly startDate: number;
}

interface Asked {
  readonly stateMachineArn?: string;
  readonly name?: string;
  readonly input?: string;
}

interface Refusal {
  readonly __type: string;
  readonly message: string;
}

const REQUEST = { stateMachineArn: 'text', name: 'text', input: 'text' } as const;

/** As the header `X-Amz-Target` names it. */
const TARGET = 'AWSStepFunctions.StartExecution';
const MS_PER_SECOND = 1_000;
const STATE_MACHINE = /^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]{1,80}(?::[^:]+)?$/;
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/**
 * Serves Step Functions' StartExecution. Nothing runs: an execution is kept, stays running, and can be read at `GET /_fanfare/executions`. As on
 * AWS, a name starts one execution, and the same start again is answered as before.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export class Executions {
  readonly #kept = new Map<string, KeptExecution>();

  /** All kept executions, newest first. */
  get executions(): readonly KeptExecution[] {
    return [...this.#kept.values()].toReversed();
  }

  /** Call it before the engine listens. */
  serve(app: EngineApp, onStart: (execution: KeptExecution) => void): void {
    app.get('/_fanfare/executions', () => this.executions);
    app.addHook('preHandler', async (request, reply) => {
      if (request.headers['x-amz-target'] !== TARGET) return;
      const answer = this.#start(readRequest<Asked>(request.body, REQUEST), onStart);
      return reply
        .status('__type' in answer ? 400 : 200)
        .header('content-type', 'application/x-amz-json-1.0')
        .send(JSON.stringify(answer));
    });
  }

  #start(
    { stateMachineArn = '', name = crypto.randomUUID(), input = '{}' }: Asked,
    onStart: (execution: KeptExecution) => void,
  ): Pick<KeptExecution, 'executionArn' | 'startDate'> | Refusal {
    const refusal = refusalOf(stateMachineArn, name, input);
    if (refusal) return refusal;
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const there = this.#kept.get(executionArn);
    if (there && there.input !== input)
      return { __type: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${executionArn}'` };
    const startDate = there?.startDate ?? Date.now() / MS_PER_SECOND;
    const execution = there ?? { executionArn, stateMachineArn, name, input, startDate };
    if (!there) {
      this.#kept.set(executionArn, execution);
      onStart(execution);
    }
    return { executionArn, startDate };
  }
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
function refusalOf(stateMachineArn: string, name: string, input: string): Refusal | undefined {
  if (!STATE_MACHINE.test(stateMachineArn))
    return { __type: 'InvalidArn', message: `Invalid Arn: '${stateMachineArn}'` };
  if (!NAME.test(name)) return { __type: 'InvalidName', message: `Invalid Name: '${name}'` };
  try {
    JSON.parse(input);
    return undefined;
  } catch {
    // Its text may have a customer's data, so the answer does not repeat it.
    return {
      __type: 'InvalidExecutionInput',
      message: 'Invalid State Machine Execution Input: it is not JSON',
    };
  }
}
