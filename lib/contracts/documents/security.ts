/** How callers of the API authenticate. */
export type Authorization =
  | { readonly kind: 'iam' }
  | { readonly kind: 'jwt'; readonly issuer: string; readonly audience: readonly string[] };

const SIGNATURE = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  description: 'AWS Signature Version 4 for the service execute-api. Not needed on this machine.',
  'x-amazon-apigateway-authtype': 'awsSigv4',
} as const;

/** The security requirement and the components of a document, with the security scheme of the stage. */
export function securityOf(authorization: Authorization, schemas: object): object {
  if (authorization.kind === 'iam') {
    return { security: [{ iam: [] }], components: { schemas, securitySchemes: { iam: SIGNATURE } } };
  }
  const token = {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: `A token of ${authorization.issuer} for ${authorization.audience.join(' or ')}. Not needed on this machine.`,
  };
  return { security: [{ token: [] }], components: { schemas, securitySchemes: { token } } };
}
