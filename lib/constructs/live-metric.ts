import { Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { ALARM_PERIOD } from './alarm.ts';

/** A kind of resource whose metrics are found by the beginning of its name. */
export interface Kind {
  readonly namespace: string;
  readonly dimension: string;
}

export const QUEUE: Kind = { namespace: 'AWS/SQS', dimension: 'QueueName' };
export const FUNCTION: Kind = { namespace: 'AWS/Lambda', dimension: 'FunctionName' };

/** Characters of a function's name; CloudFormation cuts its own to fit. @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const MAX_FUNCTION_NAME_LENGTH = 64;

/** What CloudFormation writes after a name of its own: a hyphen and twelve characters. */
const SUFFIX_LENGTH = 13;
/** Of a long name of a resource CloudFormation keeps so many characters at least. */
const KEPT = 24;

/**
 * A metric of whatever resource has a name that begins so, by now and after the next deployment. A resource that has been replaced
 * counts into the same line: it reports nothing any more.
 *
 * @param statistic `Sum` or `Maximum` over a minute; several resources of the name are added up
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function liveMetric(kind: Kind, name: string, metricName: string, statistic: string): MathExpression {
  const { namespace, dimension } = kind;
  const search = `{${namespace},${dimension}} MetricName="${metricName}" ${dimension}=${name}`;
  return new MathExpression({
    expression: `SUM(SEARCH('${search}', '${statistic}', ${ALARM_PERIOD.toSeconds()}))`,
    label: metricName,
    period: ALARM_PERIOD,
    usingMetrics: {},
  });
}

/**
 * How the name begins that CloudFormation gives to a function, in any deployment of its stack: the stack's name and the path of the
 * construct, in whole words, for CloudWatch compares words.
 */
export function generatedNameOf(construct: IConstruct): string {
  const stack = Stack.of(construct);
  const path = construct.node.scopes.slice(construct.node.scopes.indexOf(stack) + 1);
  const room = MAX_FUNCTION_NAME_LENGTH - SUFFIX_LENGTH - stack.stackName.length - 1;
  const words = path.flatMap(({ node }) => node.id.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []);
  let begin = '';
  for (const word of words) {
    if (begin.length + word.length > Math.min(KEPT, room)) break;
    begin += word;
  }
  return `${stack.stackName}-${begin}`;
}
