import type { CreateResource } from './resource.ts';

/** AWS::ApiGatewayV2::Api. An app can have one HTTP API here. */
export const createApi: CreateResource = ({ name, properties }, machine) => {
  if (properties.ProtocolType !== undefined && properties.ProtocolType !== 'HTTP')
    throw new Error(`its protocol is ${String(properties.ProtocolType)}; the local runner serves HTTP only`);
  if (!machine.api.claim(name))
    throw new Error(
      'it is the second HTTP API; the local runner serves only one. Run a second bus as an app of its own: see docs/buses.md',
    );
  return { physicalId: name, attributes: { ApiEndpoint: machine.apiUrl, ApiId: name } };
};

/** AWS::ApiGatewayV2::Integration with a function. */
export const createIntegration: CreateResource = ({ name, logicalId, properties }, machine) => {
  // The URI is the function's ARN, alone or inside an `.../functions/<arn>/invocations` path.
  const [arn = ''] =
    /arn:[^:]+:lambda:[^:]+:\d+:function:[\w-]+/.exec(String(properties.IntegrationUri)) ?? [];
  const target = machine.functions.get(arn);
  if (!target)
    throw new Error(
      `integration ${logicalId} calls ${String(properties.IntegrationUri)}, which is no function here`,
    );
  machine.api.putIntegration(name, target);
  return { physicalId: name, attributes: { IntegrationId: name } };
};

/** AWS::ApiGatewayV2::Route. Its authorizer is not used: every program on this machine may call. */
export const createRoute: CreateResource = ({ name, properties }, machine) => {
  const { RouteKey, Target, AuthorizationType = 'NONE' } = properties;
  if (AuthorizationType !== 'NONE')
    machine.note(
      `${String(RouteKey)} accepts calls of every program on this machine, without ${String(AuthorizationType)}.`,
    );
  machine.api.putRoute(name, String(RouteKey), String(Target).replace('integrations/', ''));
  return { physicalId: name, attributes: { RouteId: name } };
};
