/** `fanfare/runtime`: the runtime of a consumer's Lambda function. */
import '../contracts/needs-node.ts';

export { plainHttpGuard } from '../aws/plain-http.ts';
export { requireEnvironment } from '../aws/require-environment.ts';
export type { Replay, ReplayMode } from '../contracts/delivery/replay.ts';
export { type ConsumeOptions, consume, type Handlers } from './consume.ts';
export { CommitRejectedError, PermanentError, type Rejection } from './errors.ts';
export { toEventBridge } from './event-bridge/to-event-bridge.ts';
export type { Around } from './handling/around.ts';
export type { EmitOptions, EmittedEvent } from './handling/emit-options.ts';
export type { HandlerContext } from './handling/handler-context.ts';
export type { NativeItem, NativeValue } from './writes/native-value.ts';
export type { TableName } from './writes/table-name.ts';
export { conditionCheck, deleteItem, putItem, updateItem } from './writes/writes.ts';
