/** Arguments of the process of an execution environment. */
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

/** One invocation. Events and results are sent as JSON, as in Lambda: a Date becomes a string. */
export interface InvocationRequest {
  readonly id: string;
  readonly eventJson: string;
  /** Epoch milliseconds, real time. */
  readonly deadline: number;
  /** How far the time of this machine is ahead of the real time, in milliseconds. */
  readonly aheadMs: number;
}

export type InvocationAnswer =
  | { readonly id: string; readonly resultJson: string; readonly error?: never }
  | { readonly id: string; readonly error: string; readonly resultJson?: never };

/** A message of the process: the bundle is loaded, the process is going to end (and why), or the result of an invocation. */
export type FromProcess = { readonly ready: true } | { readonly crash: string } | InvocationAnswer;
