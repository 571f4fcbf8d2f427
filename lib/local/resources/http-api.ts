import type { CreateResource } from './resource.ts';

/** AWS::ApiGatewayV2::Api: one HTTP API, at the address that the machine serves. */
export const createApi: CreateResource = ({ name }, { apiUrl }) => ({
  physicalId: name,
  attributes: { ApiEndpoint: apiUrl, ApiId: name },
});

/** AWS::ApiGatewayV2::Integration with a function. */
export const createIntegration: CreateResource = ({ name, logicalId, properties }, machine) => {
  // The URI is the function's ARN, alone or inside an `.../functions/<arn>/invocations` path.
  const [arn = ''] =
    /arn:[^:]+:lambda:[^:]+:\d+:function:[\w-]+/.exec(String(properties.IntegrationUri)) ?? [];
  const target = machine.functions.get(arn);
  if (!target)
    throw new Error(
      `integration ${logicalId} leads to ${String(properties.IntegrationUri)}, which is no function`,
    );
  machine.api.putIntegration(name, target);
  return { physicalId: name, attributes: { IntegrationId: name } };
};

/** AWS::ApiGatewayV2::Route. Its authorizer is not asked: whoever reaches this machine may call. */
export const createRoute: CreateResource = ({ name, properties }, machine) => {
  machine.api.putRoute(
    name,
    String(properties.RouteKey),
    String(properties.Target).replace('integrations/', ''),
  );
  return { physicalId: name, attributes: { RouteId: name } };
};
