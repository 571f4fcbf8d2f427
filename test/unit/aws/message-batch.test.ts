import { describe, expect, it } from 'vitest';
import { messageBytes, refusedEntries } from '../../../lib/aws/message-batch.ts';

describe('the bytes of a message', () => {
  it('are those of its body in UTF-8, and of the names, types and values of its attributes', () => {
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'ü' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array(100) },
    };
    const attributes = 'text'.length + 'String'.length + 2 + 'bytes'.length + 'Binary'.length + 100;
    expect(messageBytes({ MessageBody: '€', MessageAttributes })).toBe(3 + attributes);
  });

  it('are none of what it does not have', () => {
    expect(messageBytes({ MessageBody: undefined, MessageAttributes: { a: { DataType: undefined } } })).toBe(
      1,
    );
  });
});

describe('a message of a batch', () => {
  const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: Id }));
  const Successful = [{ Id: 'b', MessageId: 'm', MD5OfMessageBody: '' }];
  const refuse = (Code: string | undefined, SenderFault: boolean | undefined) =>
    refusedEntries(Entries, { Successful, Failed: [{ Id: 'a', Code, Message: 'why', SenderFault }] });

  it.each<[string, string | undefined, boolean | undefined, { code: string; final: boolean }]>([
    [
      'for ever, as it stands',
      'InvalidMessageContents',
      true,
      { code: 'InvalidMessageContents', final: true },
    ],
    [
      'for now, though SQS blames the sender',
      'ThrottlingException',
      true,
      { code: 'ThrottlingException', final: false },
    ],
    ['for now, by a fault of SQS', 'InternalError', false, { code: 'InternalError', final: false }],
    ['without a code', undefined, undefined, { code: 'Unknown', final: false }],
  ])('is refused %s', (_, code, senderFault, refusal) => {
    expect([...refuse(code, senderFault)]).toEqual([['a', { ...refusal, reason: 'why' }]]);
  });

  it.each([
    ['an answer of which some is missing', { Successful, Failed: undefined }, ['a']],
    ['an answer without anything', { Successful: undefined, Failed: undefined }, ['a', 'b']],
  ])('is refused that the answer does not mention: %s', (_, answer, ids) => {
    const refused = refusedEntries(Entries, answer);
    expect([...refused.keys()]).toEqual(ids);
    expect(refused.get('a')).toMatchObject({ code: 'NoAnswer', final: false });
  });
});
