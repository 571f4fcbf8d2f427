import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineProducer, type ProducerDefinition } from '../../lib/contracts/producers/define-producer.ts';
import { InventoryReserved, OrderPlaced, StockReceived } from '../apps/orders/events/index.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const checkout = defineProducer({
  name: 'checkout',
  principal: { iam: 'arn:aws:iam::111122223333:role/checkout' },
  types: [OrderPlaced],
  sources: ['/shop/checkout'],
});
const another = (change: Partial<ProducerDefinition>): ProducerDefinition => ({
  ...checkout,
  name: 'another',
  sources: ['/another'],
  ...change,
});

function busWith(producers: readonly ProducerDefinition[], context: Record<string, unknown> = {}) {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING, ...context } });
  const events = [OrderPlaced, StockReceived, InventoryReserved];
  return new EventBusStack(app, { settings: readSettings(app.node), events, producers });
}

describe('a bus with producers', () => {
  it('tells the publish function who may publish what', () => {
    Template.fromStack(busWith([checkout])).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          PRODUCERS: JSON.stringify([
            {
              name: 'checkout',
              iam: 'arn:aws:iam::111122223333:role/checkout',
              types: ['shop.OrderPlaced'],
              sources: ['/shop/checkout'],
            },
          ]),
        },
      },
    });
  });

  it.each([
    ['the same name', another({ name: 'checkout' }), /two producers have the name checkout/],
    ['the same source', another({ sources: ['/shop/checkout'] }), /share the source \/shop\/checkout/],
    ['a source that takes the other’s', another({ sources: ['/shop/*'] }), /share the source/],
    [
      'more to say than the environment holds',
      another({ sources: Array.from({ length: 200 }, (_, n) => `/another/${n}`) }),
      /has room for 3072/,
    ],
  ])('cannot be made of two with %s', (_what, other, message) => {
    expect(() => busWith([checkout, other])).toThrow(message);
  });
});

describe('a grant to publish', () => {
  const resourcesOf = (events?: readonly (typeof OrderPlaced)[]) => {
    const stack = busWith([]);
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    stack.bus.grantPublish(role, events);
    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { PolicyDocument: { Statement: [Match.objectLike({ Action: 'execute-api:Invoke' })] } },
    });
    return JSON.stringify(Object.values(policies)).match(/POST\/events[^"]*/g);
  };

  it('of some events names their paths and no other', () => {
    expect(resourcesOf([OrderPlaced])).toEqual(['POST/events/shop.OrderPlaced']);
  });

  it('of everything names every path', () => {
    expect(resourcesOf()).toEqual(['POST/events', 'POST/events/*']);
  });
});

it('every route asks who calls', () => {
  const routes = Template.fromStack(busWith([])).findResources('AWS::ApiGatewayV2::Route');
  expect(
    Object.values(routes).map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType]),
  ).toEqual([
    ['POST /events', 'AWS_IAM'],
    ['POST /events/{type}', 'AWS_IAM'],
    ['GET /events/{type}', 'AWS_IAM'],
  ]);
});

describe('an API that is open to tokens', () => {
  const jwt = { jwtIssuer: 'https://issuer.example.com', jwtAudience: 'shop' };

  it('takes those with one of the scopes', () => {
    const stack = busWith([], { ...jwt, jwtScopes: 'events.publish, admin' });
    Template.fromStack(stack).allResourcesProperties('AWS::ApiGatewayV2::Route', {
      AuthorizationType: 'JWT',
      AuthorizationScopes: ['events.publish', 'admin'],
    });
  });

  it('needs a scope in prod', () => {
    const prod = { ...jwt, stage: 'prod', alarmEmail: 'ops@example.com' };
    expect(() => busWith([], prod)).toThrow(/every token of .* could publish/);
  });

  it('refuses scopes without an issuer', () => {
    expect(() => busWith([], { jwtScopes: 'events.publish' })).toThrow(/without jwtIssuer/);
  });
});
