import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

/** What DynamoDB answers to a request that it cannot execute, today or tomorrow. */
export function refuse(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    message,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
}

/**
 * DynamoDB in memory cannot read a request: it is wrong, or something that DynamoDB knows and this one does not. Handlers see what
 * DynamoDB would answer to the former; a simulation ends with it.
 */
export class UnknownRequest extends DynamoDBServiceException {
  constructor(message: string) {
    super({
      name: 'ValidationException',
      message,
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    // The class above sets its own, as all of the SDK's errors do.
    Object.setPrototypeOf(this, UnknownRequest.prototype);
  }
}

/** What DynamoDB answers when a table takes no more requests for the moment. */
export function throttled(): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ThrottlingException',
    message: 'the table is throttled for the moment',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
    $retryable: { throttling: true },
  });
}
