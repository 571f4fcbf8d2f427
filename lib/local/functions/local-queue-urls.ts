/** A queue URL as the CDK writes it for a queue that is imported by its ARN. */
const QUEUE_URL = /^https:\/\/sqs\.[a-z0-9-]+\.[a-z.]+(\/\d{12}\/[\w-]+(?:\.fifo)?)$/;

/**
 * Variables of a function, with the URLs of queues on this machine. A queue that is imported by its ARN has a URL of AWS in the template, and the
 * SDK sends requests to the host of the URL.
 */
export function withLocalQueueUrls(
  variables: Readonly<Record<string, string>>,
  awsEndpoint: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(QUEUE_URL, `${awsEndpoint}$1`) : value,
    ]),
  );
}
