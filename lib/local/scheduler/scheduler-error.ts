/** A refusal of EventBridge Scheduler. @see https://docs.aws.amazon.com/scheduler/latest/APIReference/CommonErrors.html */
export class SchedulerError extends Error {
  readonly status: number;

  constructor(
    name: 'ValidationException' | 'ConflictException' | 'ResourceNotFoundException',
    message: string,
  ) {
    super(message);
    this.name = name;
    this.status = STATUS[name];
  }
}

const STATUS = { ValidationException: 400, ConflictException: 409, ResourceNotFoundException: 404 } as const;

export function invalid(message: string): SchedulerError {
  return new SchedulerError('ValidationException', message);
}

export function notFound(message: string): SchedulerError {
  return new SchedulerError('ResourceNotFoundException', message);
}

export function conflict(message: string): SchedulerError {
  return new SchedulerError('ConflictException', message);
}
