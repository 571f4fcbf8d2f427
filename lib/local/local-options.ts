/** Ports on 127.0.0.1; 0 chooses a free one. */
export interface LocalPorts {
  readonly api: number;
  /** SNS, SQS, S3, SES, and the services of secrets. */
  readonly aws: number;
  readonly dynamodb: number;
}

export interface LocalOptions {
  /** A synthesized assembly, such as `cdk.out`. */
  readonly assemblyDirectory: string;
  readonly ports: LocalPorts;
  /** Folder that keeps queues, tables and mail over restarts. @default - they are kept in memory */
  readonly dataDirectory?: string | undefined;
  /**
   * A JSON file with the values of secrets, by their name in Secrets Manager or Systems Manager: `{"shop/dev/stripe": "..."}`.
   *
   * @default - none: reading a secret fails with a message that says so
   */
  readonly secretsFile?: string | undefined;
  /** Environment variables that every function gets in addition to its own. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the queue of a function with these variables is polled. @default - every queue is */
  readonly polls?: (environment: Readonly<Record<string, string>>) => boolean;
  /** Show every log line of functions, and not only warnings and errors. @default false */
  readonly verbose?: boolean;
  /** Gets each line for the terminal. */
  readonly log: (line: string) => void;
}
