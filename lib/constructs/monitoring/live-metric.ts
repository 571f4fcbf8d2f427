import { Stack } from 'aws-cdk-lib';
import { type IMetric, MathExpression, SearchExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { Stage } from '../stage.ts';
import { ALARM_PERIOD } from './alarm.ts';

/** Metrics that CloudWatch finds when somebody looks at them, so that the template names none of their resources. */
export interface Search {
  readonly namespace: string;
  /** The only dimension of the metrics. Each of its values has a line of its own. */
  readonly dimension: string;
  /** Which values of the dimension. @default - all */
  readonly term?: string;
  readonly metricName: string;
  /** Over a minute, such as `Sum`, `Maximum` or `p99`. */
  readonly statistic: string;
}

/** Lines of a graph that shows the worst: as many as a person can tell apart. */
export const WORST = 10;

/** Characters of a function's name; CloudFormation cuts its own to fit. @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const MAX_FUNCTION_NAME_LENGTH = 64;

/** What CloudFormation writes after a name of its own: a hyphen and twelve characters. */
const SUFFIX_LENGTH = 13;
/** CloudFormation keeps at least this many characters of a long name. */
const KEPT = 24;
const WORD = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g;

/** The lines with the highest values in the time that is shown, the highest first, each with its highest value in the legend. */
export function worstOf(search: Search): IMetric {
  // Before each line's own name, which is the name of the resource.
  return overSearch(search, `[\${MAX}]`, (id) => `SORT(${id}, MAX, DESC, ${WORST})`);
}

/** All of them added up to one line. */
export function sumOf(search: Search, label: string): IMetric {
  return overSearch(search, label, (id) => `SUM(${id})`);
}

/**
 * The search itself is not drawn. In one graph its id is the same for every expression over it, so that its metrics are read once.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function overSearch(search: Search, label: string, expressionOf: (id: string) => string): MathExpression {
  const { namespace, dimension, term, metricName, statistic } = search;
  const terms = [`MetricName="${metricName}"`, ...(term === undefined ? [] : [term])].join(' ');
  const id = `all${metricName}${statistic}`;
  const found = new SearchExpression({
    expression: `SEARCH('{"${namespace}",${dimension}} ${terms}', '${statistic}', ${ALARM_PERIOD.toSeconds()})`,
    period: ALARM_PERIOD,
  });
  return new MathExpression({
    expression: expressionOf(id),
    label,
    period: ALARM_PERIOD,
    usingMetrics: { [id]: found },
  });
}

/**
 * The beginning of the names of all functions of a stage, however long the names of their stacks are: CloudFormation cuts a stack's name to
 * make room for the construct's.
 */
export function functionsOf({ app, name }: Stage): string {
  return wholeWords(`${app}-${name}`, MAX_FUNCTION_NAME_LENGTH - SUFFIX_LENGTH - 1 - KEPT);
}

/**
 * The beginning of the name that CloudFormation gives to a function, the same in every deployment of its stack: the stack's name and the
 * path of the construct.
 */
export function generatedNameOf(construct: IConstruct): string {
  const stack = Stack.of(construct);
  const path = construct.node.scopes.slice(construct.node.scopes.indexOf(stack) + 1);
  const room = MAX_FUNCTION_NAME_LENGTH - SUFFIX_LENGTH - stack.stackName.length - 1;
  const begin = wholeWords(path.map(({ node }) => node.id).join(''), Math.min(KEPT, room));
  return `${stack.stackName}-${begin}`;
}

/** The beginning of a name, in whole words, because CloudWatch compares words: a capital, a digit and a hyphen begin a new one. */
function wholeWords(name: string, room: number): string {
  const ends = [...name.matchAll(WORD)].map(({ index, 0: word }) => index + word.length);
  return name.slice(0, ends.filter((end) => end <= room).at(-1) ?? 0);
}
