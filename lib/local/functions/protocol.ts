/** What the process of an execution environment is started with. */
export interface ProcessSetup {
  /** Folder of the bundle. */
  readonly directory: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly logGroupName: string;
  readonly memoryMegabytes: number;
}

/** Events and results travel as JSON, as they do to and from Lambda: a Date arrives as a string. */
export interface InvocationRequest {
  readonly id: string;
  readonly eventJson: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

export type InvocationAnswer =
  | { readonly id: string; readonly resultJson: string; readonly error?: never }
  | { readonly id: string; readonly error: string; readonly resultJson?: never };

/** What the process sends: that the bundle is loaded, why the process is about to end, or an answer. */
export type FromProcess = { readonly ready: true } | { readonly crash: string } | InvocationAnswer;
