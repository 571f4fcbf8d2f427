/** The configuration of a function, read from its template. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** Identifies the content of the bundle: its asset key. */
  readonly codeHash: string;
  /** Folder of the bundle. */
  readonly directory: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly logGroupName: string;
  readonly environment: Readonly<Record<string, string>>;
}
