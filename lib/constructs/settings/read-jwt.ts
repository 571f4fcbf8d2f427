import type { Node } from 'constructs';
import type { Stage } from '../stage.ts';
import { text } from './context-text.ts';

/** Who may call the HTTP API: bearers of a token of this issuer, for one of these audiences. */
export interface JwtSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Scopes of which a token must have one. Empty: every token of the issuer for the audience may publish. */
  readonly scopes: readonly string[];
}

/** @throws TypeError when only half of it is set, or every token could publish to a stage of profile prod */
export function readJwt(node: Node, stage: Stage): JwtSettings | undefined {
  const issuer = text(node, 'jwtIssuer');
  const audience = text(node, 'jwtAudience');
  const scopes = text(node, 'jwtScopes');
  if (issuer === undefined && audience === undefined) {
    if (scopes === undefined) return undefined;
    throw new TypeError('jwtScopes is set without jwtIssuer and jwtAudience; scopes are those of a token');
  }
  if (issuer === undefined || audience === undefined) {
    const [has, lacks] = issuer ? ['jwtIssuer', 'jwtAudience'] : ['jwtAudience', 'jwtIssuer'];
    throw new TypeError(
      `${has} is set without ${lacks}; tokens are checked against both, add -c ${lacks}=...`,
    );
  }
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') {
    throw new TypeError(
      `jwtIssuer '${issuer}' is no https URL; take the 'iss' of your tokens, for example https://issuer.example.com`,
    );
  }
  if (scopes === undefined && stage.profile === 'prod') {
    throw new TypeError(
      `every token of ${issuer} could publish; say which scope it takes, for example -c jwtScopes=events.publish`,
    );
  }
  return { issuer, audience: list(audience), scopes: scopes === undefined ? [] : list(scopes) };
}

function list(text: string): readonly string[] {
  return text.split(',').map((entry) => entry.trim());
}
