/** What an execution environment is started with. */
export interface WorkerSetup {
  /** Folder of the bundle. */
  readonly directory: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
}

export interface InvocationRequest {
  readonly id: string;
  readonly event: unknown;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

export type InvocationAnswer =
  | { readonly id: string; readonly value: unknown; readonly error?: never }
  | { readonly id: string; readonly error: string; readonly value?: never };
