import { describe, expect, it } from 'vitest';
import {
  isConditionTrue,
  referencesOf,
  resolve,
  type Scope,
} from '../../../lib/local/assembly/intrinsics.ts';

const scope: Scope = {
  stackName: 'Shop',
  template: {
    Parameters: {
      Size: { Default: 'small' },
      Unset: {},
      Topic: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/fanfare/shop/dev/Bus/v1/topic-arn' },
    },
    Conditions: {
      IsSmall: { 'Fn::Equals': [{ Ref: 'Size' }, 'small'] },
      IsLarge: { 'Fn::Not': [{ Condition: 'IsSmall' }] },
    },
    Mappings: { Ports: { small: { http: 80 } } },
  },
  pseudo: { 'AWS::Region': 'eu-west-1' },
  reference: (logicalId) => `ref-${logicalId}`,
  attribute: (logicalId, name) => `${logicalId}-${name}`,
  exported: (name) => `exported-${name}`,
  parameter: (name) => `value of ${name}`,
  output: (stack, name) => `${stack}-${name}`,
};

describe('resolve', () => {
  it.each([
    ['a plain value', { a: [1, 'b', null] }, { a: [1, 'b', null] }],
    ['Ref of a resource', { Ref: 'Queue' }, 'ref-Queue'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref of a parameter', { Ref: 'Size' }, 'small'],
    [
      'Ref of a parameter in Systems Manager',
      { Ref: 'Topic' },
      'value of /fanfare/shop/dev/Bus/v1/topic-arn',
    ],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue-Arn'],
    ['Fn::GetAtt of a nested attribute', { 'Fn::GetAtt': 'Db.Endpoint.Port' }, 'Db-Endpoint.Port'],
    ['Fn::Join', { 'Fn::Join': [':', ['a', { Ref: 'Queue' }]] }, 'a:ref-Queue'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [
      'Fn::Sub',
      { 'Fn::Sub': 'a ${Queue} ${Queue.Arn} ${AWS::Region} ${!Literal}' },
      'a ref-Queue Queue-Arn eu-west-1 ${Literal}',
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${x}-${Queue}', { x: { Ref: 'Size' } }] }, 'small-ref-Queue'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'Bus:Topic' }, 'exported-Bus:Topic'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Ports', { Ref: 'Size' }, 'http'] }, 80],
    ['Fn::Equals of a text and a number', { 'Fn::Equals': ['1', 1] }, true],
    ['Fn::If', { 'Fn::If': ['IsSmall', 'yes', 'no'] }, 'yes'],
    ['Fn::If without a value', { a: { 'Fn::If': ['IsLarge', 1, { Ref: 'AWS::NoValue' }] }, b: 2 }, { b: 2 }],
    [
      'a policy whose key is Condition',
      { Condition: { Bool: { x: 'true' } } },
      { Condition: { Bool: { x: 'true' } } },
    ],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it.each([
    [
      'a function that it does not know',
      { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] },
      'Fn::Cidr in stack Shop is not known',
    ],
    ['a parameter without a default', { Ref: 'Unset' }, 'parameter Unset of stack Shop has no default'],
    ['a join of what is no list', { 'Fn::Join': ['', 'a'] }, 'expected a list'],
    ['a choice beyond the list', { 'Fn::Select': [2, ['a', 'b']] }, 'Fn::Select 2 of 2 does not exist'],
    [
      'a mapping without the key',
      { 'Fn::FindInMap': ['Ports', 'small', 'ftp'] },
      'mapping Ports.small.ftp of stack Shop does not exist',
    ],
    ['a condition that nobody wrote', { 'Fn::If': ['IsHuge', 1, 2] }, 'condition IsHuge of stack Shop'],
  ])('refuses %s', (_, value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });
});

it('isConditionTrue a condition of conditions', () => {
  expect([isConditionTrue('IsSmall', scope), isConditionTrue('IsLarge', scope)]).toEqual([true, false]);
});

it('finds what a value refers to, through every function', () => {
  const value = {
    a: { Ref: 'A' },
    b: [{ 'Fn::GetAtt': ['B', 'Arn'] }, { 'Fn::GetAtt': 'C.Arn' }],
    d: { 'Fn::Sub': '${D}/${E.Arn}' },
  };
  expect([...referencesOf(value)].toSorted()).toEqual(['A', 'B', 'C', 'D', 'E']);
});
