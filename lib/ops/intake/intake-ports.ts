import type { IntakeTable } from '../../intake/intake-table.ts';
import type { Polling } from '../../intake/mapping.ts';

/** What a consumer is stopped and resumed with. */
export interface IntakePorts {
  /** Of the bus that the consumer listens to. */
  readonly table: IntakeTable;
  /** The event source mapping of its queue. */
  readonly mapping: {
    read(): Promise<Polling>;
    /** @throws Error with the name `ResourceInUseException` while Lambda is still changing it */
    set(wanted: 'on' | 'off'): Promise<unknown>;
  };
  readonly clock: {
    /** Epoch milliseconds. */
    now(): number;
    sleep(milliseconds: number): Promise<unknown>;
  };
  /** Tells the controller that there is a pause which it has to end. Undefined when the bus has no controller. */
  readonly announcePause?: (() => Promise<unknown>) | undefined;
  /** Called every few seconds while Lambda is still changing the mapping, with the seconds that have passed. @default - nobody is told */
  readonly onWait?: ((seconds: number) => void) | undefined;
}

/** The consumer that is stopped or resumed. */
export interface IntakeTarget {
  /** What it is called in the table: its `intakeKeyOf`. */
  readonly key: string;
  /** What it is called in messages. */
  readonly label: string;
}
