import { type JsonCaller, parseObject, requestJson } from '../../aws/json-request.ts';

const GET_PARAMETER = { service: 'ssm', variable: 'SSM', target: 'AmazonSSM.GetParameter' };

/**
 * Reads a parameter of Systems Manager.
 *
 * @throws Error with the name that the service gives it, such as `ParameterNotFound`
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function readParameter(name: string, caller: JsonCaller): Promise<string> {
  const answer = await requestJson(GET_PARAMETER, { Name: name }, caller);
  if ('refusal' in answer) throw failure(name, answer.refusal.reason, answer.refusal.code);
  const value = parseObject<Answer>(answer.text)?.Parameter?.Value;
  if (value === undefined) throw failure(name, 'the answer has no value');
  return value;
}

interface Answer {
  readonly Parameter?: { readonly Value?: string };
}

function failure(parameter: string, reason: string, code = ''): Error {
  const error = new Error(`GetParameter of ${parameter}: ${reason.trim()}`);
  if (code !== '') error.name = code;
  return error;
}
