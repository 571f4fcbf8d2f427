import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-scheduler';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { Scheduler } from '../services/scheduler.ts';

export interface SchedulesProps {
  readonly chance: Chance;
  readonly time: Scheduler;
  /** Sends the input of a schedule to its target. */
  readonly send: (input: string) => void;
}

/** EventBridge Scheduler fires up to a minute after the time of a schedule. Sometimes it is slower. */
const LATE_MS = 60_000;
const VERY_LATE_MS = 600_000;

/** EventBridge Scheduler in memory: one-off schedules that delete themselves, and fire late and sometimes twice. */
export class SimulatedSchedules {
  readonly #props: SchedulesProps;
  readonly #inputs = new Map<string, string>();

  constructor(props: SchedulesProps) {
    this.#props = props;
  }

  execute(command: unknown): object {
    if (command instanceof CreateScheduleCommand) {
      const { Name = '', ScheduleExpression = '', Target } = command.input;
      return this.#create(Name, ScheduleExpression, Target?.Input ?? '');
    }
    if (command instanceof ListSchedulesCommand) {
      const { NamePrefix = '' } = command.input;
      const names = [...this.#inputs.keys()].filter((name) => name.startsWith(NamePrefix));
      return { Schedules: names.map((Name) => ({ Name })) };
    }
    if (command instanceof GetScheduleCommand) return { Target: { Input: this.#find(command.input.Name) } };
    if (command instanceof DeleteScheduleCommand) {
      this.#find(command.input.Name);
      this.#inputs.delete(command.input.Name ?? '');
      return {};
    }
    throw new TypeError(`the simulation does not know ${command?.constructor.name}`);
  }

  #create(name: string, expression: string, input: string): object {
    if (this.#inputs.has(name)) throw new ConflictException({ $metadata: {}, message: name, Message: name });
    const { chance, time } = this.#props;
    const at = Date.parse(`${/^at\((.*)\)$/.exec(expression)?.[1]}Z`);
    this.#inputs.set(name, input);
    const late = chance.between(0, chance.happens(0.1) ? VERY_LATE_MS : LATE_MS);
    time.after(at + late - time.now, () => this.#fire(name, input));
    return {};
  }

  #fire(name: string, input: string): void {
    // It was deleted, or made again for another event meanwhile.
    if (this.#inputs.get(name) !== input) return;
    this.#inputs.delete(name);
    const { chance, time, send } = this.#props;
    send(input);
    if (chance.happens(0.2)) time.after(chance.between(1, LATE_MS), () => send(input));
  }

  #find(name = ''): string {
    const input = this.#inputs.get(name);
    if (input !== undefined) return input;
    throw new ResourceNotFoundException({ $metadata: {}, message: name, Message: name });
  }
}
