import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { OpsClients } from '../../clients.ts';
import type { Location } from '../attributes.ts';

/** Properties of a resource, with their names in the template. */
export type Properties = Readonly<Record<string, unknown>>;

/** What readers read from. */
export interface Source extends OpsClients {
  /** An alarm of the stage by its name. All alarms are read at once. */
  alarmNamed(name: string): Promise<MetricAlarm | undefined>;
}

/** The resource to read. */
export interface ReadRequest {
  readonly physicalId: string;
  /** The synthesized properties, with their references resolved. */
  readonly synthesized: Properties;
  readonly location: Location;
}

/** Reads a resource from AWS, as properties with their names in the template. There is one for each type. */
export interface ResourceReader {
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  /**
   * Values that AWS uses when the template sets none; undefined means no value. These properties and the synthesized ones are compared.
   */
  defaults(synthesized: Properties): Properties;
  /** Properties that cannot be compared, each with the reason. */
  readonly uncompared: Readonly<Record<string, string>>;
  /** Beginnings of property paths whose existing values are not printed. @default - none */
  readonly secret?: readonly string[];
  /**
   * Reads the properties.
   *
   * @returns undefined when the resource does not exist
   * @throws Error of the SDK, also when it says that the resource does not exist
   */
  read(source: Source, request: ReadRequest): Promise<Properties | undefined>;
}

/** Parses a policy that AWS returns as JSON; undefined when there is none. */
export function parseText(text: string | undefined): unknown {
  return text ? JSON.parse(text) : undefined;
}
