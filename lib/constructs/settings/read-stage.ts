import type { Node } from 'constructs';
import { type Profile, Stage } from '../stage.ts';
import { text } from './context-text.ts';

/** @throws TypeError when the app has no name, or a name or the profile is none */
export function readStage(node: Node): Stage {
  const app = text(node, 'app');
  if (app === undefined) {
    throw new TypeError(
      'the app has no name, and the names of its stacks begin with it; write "context": { "app": "bookshop" } in cdk.json, with a name ' +
        'that no other app of the account has, or say -c app=bookshop',
    );
  }
  return new Stage({ app, name: text(node, 'stage') ?? 'dev', profile: readProfile(node) });
}

function readProfile(node: Node): Profile | undefined {
  const profile = text(node, 'profile');
  if (profile === undefined || profile === 'dev' || profile === 'prod') return profile;
  throw new TypeError(
    `profile '${profile}' does not exist; use dev (leaves nothing behind) or prod (keeps data, and is protected)`,
  );
}
