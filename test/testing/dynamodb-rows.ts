import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

export const TABLE = 'reviews';
const Key = { movieId: { S: 'alien' }, reviewId: { S: 'r1' } };

/** The items that every row finds. */
export const ITEMS: readonly Record<string, AttributeValue>[] = [
  {
    ...Key,
    stars: { N: '4' },
    text: { S: 'In space no one can hear you scream' },
    tags: { SS: ['horror', 'space'] },
    points: { NS: ['1', '2'] },
    votes: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
    author: { M: { name: { S: 'ada' }, city: { M: { zip: { S: '1010' } } } } },
    seen: { BOOL: true },
    nothing: { NULL: true },
  },
  { movieId: { S: 'alien' }, reviewId: { S: 'r2' }, stars: { N: '5' } },
  { movieId: { S: 'alien' }, reviewId: { S: 'r3' }, stars: { N: '2' }, text: { S: 'Too dark' } },
  { movieId: { S: 'brazil' }, reviewId: { S: 'r1' }, stars: { N: '10' } },
];

type Values = Record<string, AttributeValue>;

const update = (UpdateExpression: string, values?: Values, rest: object = {}) =>
  new UpdateItemCommand({
    TableName: TABLE,
    Key,
    UpdateExpression,
    ...(values && { ExpressionAttributeValues: values }),
    ReturnValues: 'ALL_NEW',
    ...rest,
  });
const only = (ConditionExpression: string, values?: Values, rest: object = {}) =>
  new UpdateItemCommand({
    TableName: TABLE,
    Key,
    UpdateExpression: 'SET checked = :checked',
    ConditionExpression,
    ExpressionAttributeValues: { ':checked': { S: 'yes' }, ...values },
    ReturnValues: 'ALL_NEW',
    ...rest,
  });
const query = (rest: object, values: Values = {}) =>
  new QueryCommand({
    TableName: TABLE,
    KeyConditionExpression: 'movieId = :movie',
    ExpressionAttributeValues: { ':movie': { S: 'alien' }, ...values },
    ...rest,
  });
const scan = (rest: object) => new ScanCommand({ TableName: TABLE, ...rest });
const transact = (...TransactItems: TransactWriteItem[]) => new TransactWriteItemsCommand({ TransactItems });
const other = { movieId: { S: 'brazil' }, reviewId: { S: 'r1' } };

/** Commands, each sent to a table with the items above. */
export const ROWS: Readonly<Record<string, object>> = {
  'a Query without a key condition': new QueryCommand({ TableName: TABLE }),
  'a Query by what is no key': query({ KeyConditionExpression: 'stars = :movie' }),
  'a Query by the sort key alone': query({ KeyConditionExpression: 'reviewId = :movie' }),
  'a Query by the beginning of the partition key': query({
    KeyConditionExpression: 'begins_with(movieId, :movie)',
  }),
  'a Query by either of two': query(
    { KeyConditionExpression: 'movieId = :movie OR movieId = :other' },
    { ':other': { S: 'brazil' } },
  ),
  'a Query with a condition of another attribute': query(
    { KeyConditionExpression: 'movieId = :movie AND stars = :stars' },
    { ':stars': { N: '5' } },
  ),
  'a Query with another than one value of the sort key': query(
    { KeyConditionExpression: 'movieId = :movie AND reviewId <> :id' },
    { ':id': { S: 'r1' } },
  ),
  'a Query in brackets, by a range of the sort key': query(
    {
      KeyConditionExpression: '(movieId = :movie) AND (#id BETWEEN :a AND :b)',
      ExpressionAttributeNames: { '#id': 'reviewId' },
    },
    { ':a': { S: 'r2' }, ':b': { S: 'r3' } },
  ),
  'SET of an attribute and of a part of it': update(
    'SET author = :a, author.#name = :n',
    { ':a': { M: {} }, ':n': { S: 'x' } },
    { ExpressionAttributeNames: { '#name': 'name' } },
  ),
  'SET of a part, and REMOVE of all': update('SET author.city = :n REMOVE author', { ':n': { S: 'x' } }),
  'two clauses of a kind': update('SET a = :a SET b = :a', { ':a': { S: 'x' } }),
  'BatchWriteItem with one key twice': new BatchWriteItemCommand({
    RequestItems: { [TABLE]: [{ DeleteRequest: { Key } }, { PutRequest: { Item: { ...Key } } }] },
  }),
  'BatchWriteItem with 26 items': new BatchWriteItemCommand({
    RequestItems: {
      [TABLE]: Array.from({ length: 26 }, (_, n) => ({
        PutRequest: { Item: { movieId: { S: 'many' }, reviewId: { S: `r${n}` } } },
      })),
    },
  }),
  'SET of a new attribute': update('SET a = :a', { ':a': { S: 'x' } }),
  'SET with a sum': update('SET stars = stars + :n', { ':n': { N: '3' } }),
  'SET with a difference of decimals': update('SET stars = stars - :n', { ':n': { N: '0.1' } }),
  'SET with a sum of what is absent': update('SET a = b + :n', { ':n': { N: '3' } }),
  'SET with if_not_exists': update('SET a = if_not_exists(a, :n) + :n, stars = if_not_exists(stars, :n)', {
    ':n': { N: '7' },
  }),
  'SET with list_append': update('SET votes = list_append(:v, votes)', { ':v': { L: [{ N: '9' }] } }),
  'SET of one attribute as another': update('SET a = stars'),
  'SET of an attribute that is absent': update('SET a = b'),
  'SET in a map': update(
    'SET author.#n = :n',
    { ':n': { S: 'grace' } },
    { ExpressionAttributeNames: { '#n': 'name' } },
  ),
  'SET deep in a map': update('SET author.city.zip = :n', { ':n': { S: '1020' } }),
  'SET in a map that is absent': update('SET publisher.city = :n', { ':n': { S: 'x' } }),
  'SET in a list': update('SET votes[1] = :n', { ':n': { N: '20' } }),
  'SET of a key': update('SET reviewId = :n', { ':n': { S: 'x' } }),
  'REMOVE of attributes and elements': update('REMOVE stars, votes[2], author.city, nothing, votes[0]'),
  'REMOVE of what is absent': update('REMOVE a'),
  'ADD to a number': update('ADD stars :n', { ':n': { N: '-1.5' } }),
  'ADD to a number that is absent': update('ADD a :n', { ':n': { N: '5' } }),
  'ADD to a text': update('ADD #t :n', { ':n': { N: '5' } }, { ExpressionAttributeNames: { '#t': 'text' } }),
  'ADD to a set of numbers': update('ADD points :n', { ':n': { NS: ['2', '3'] } }),
  'DELETE of all of a set': update('DELETE points :n', { ':n': { NS: ['1', '2'] } }),
  'DELETE of one of a set': update('DELETE tags :n', { ':n': { SS: ['space'] } }),
  'several clauses': update('SET a = :n REMOVE seen ADD stars :n', { ':n': { N: '1' } }),
  'an update of an item that is absent': update(
    'SET a = :n',
    { ':n': { N: '1' } },
    {
      Key: { movieId: { S: 'new' }, reviewId: { S: 'r9' } },
    },
  ),
  UPDATED_NEW: update('SET a = :n', { ':n': { N: '1' } }, { ReturnValues: 'UPDATED_NEW' }),
  UPDATED_OLD: update('SET stars = :n', { ':n': { N: '1' } }, { ReturnValues: 'UPDATED_OLD' }),
  'ALL_OLD of an update': update('SET stars = :n', { ':n': { N: '1' } }, { ReturnValues: 'ALL_OLD' }),
  'a value that no expression uses': update('SET a = :n', { ':n': { N: '1' }, ':m': { N: '1' } }),
  'a value that is not given': update('SET a = :n', { ':m': { N: '1' } }),
  'a name that is not given': update('SET #a = :n', { ':n': { N: '1' } }),
  'a syntax error': update('SET a :n', { ':n': { N: '1' } }),
  'a key that is not whole': new GetItemCommand({ TableName: TABLE, Key: { movieId: { S: 'alien' } } }),
  'a key of another type': new GetItemCommand({
    TableName: TABLE,
    Key: { movieId: { N: '1' }, reviewId: { S: 'r1' } },
  }),
  'a table that is absent': new GetItemCommand({ TableName: 'films', Key }),
  attribute_exists: only('attribute_exists(stars)'),
  'attribute_not_exists that fails': only('attribute_not_exists(stars)'),
  'the item of a condition that fails': only('attribute_not_exists(stars)', undefined, {
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }),
  attribute_type: only('attribute_type(stars, :t)', { ':t': { S: 'N' } }),
  begins_with: only(
    'begins_with(#t, :t)',
    { ':t': { S: 'In ' } },
    { ExpressionAttributeNames: { '#t': 'text' } },
  ),
  'contains in a text': only(
    'contains(#t, :t)',
    { ':t': { S: 'hear' } },
    { ExpressionAttributeNames: { '#t': 'text' } },
  ),
  'contains in a set': only('contains(tags, :t)', { ':t': { S: 'space' } }),
  'contains in a list': only('contains(votes, :t)', { ':t': { N: '2.0' } }),
  'contains that fails': only('contains(tags, :t)', { ':t': { S: 'comedy' } }),
  'size of a text': only(
    'size(#t) > :n',
    { ':n': { N: '10' } },
    { ExpressionAttributeNames: { '#t': 'text' } },
  ),
  'size of a list and of a map': only('size(votes) = :n AND size(author) < :n', { ':n': { N: '3' } }),
  BETWEEN: only('stars BETWEEN :a AND :b', { ':a': { N: '4' }, ':b': { N: '9' } }),
  IN: only('stars IN (:a, :b)', { ':a': { N: '3' }, ':b': { N: '4' } }),
  'numbers are compared as numbers': only('stars < :n', { ':n': { N: '10' } }),
  'other types are not compared': only('stars < :n', { ':n': { S: '9' } }),
  'equality of sets': only('tags = :n', { ':n': { SS: ['space', 'horror'] } }),
  'equality of maps': only('author = :n', {
    ':n': { M: { city: { M: { zip: { S: '1010' } } }, name: { S: 'ada' } } },
  }),
  'a comparison with what is absent': only('a = :n', { ':n': { N: '1' } }),
  'unequal to what is absent': only('a <> :n', { ':n': { N: '1' } }),
  'NOT, AND, OR and parentheses': only('NOT (stars = :a OR stars = :b) AND attribute_exists(seen)', {
    ':a': { N: '1' },
    ':b': { N: '2' },
  }),
  'AND binds more than OR': only('attribute_exists(stars) OR attribute_exists(a) AND attribute_exists(b)'),
  'a path in a condition': only('author.city.zip = :n AND votes[2] = :m', {
    ':n': { S: '1010' },
    ':m': { N: '3' },
  }),
  'a put that answers what was there': new PutItemCommand({
    TableName: TABLE,
    Item: other,
    ReturnValues: 'ALL_OLD',
  }),
  'a put on a condition that fails': new PutItemCommand({
    TableName: TABLE,
    Item: other,
    ConditionExpression: 'attribute_not_exists(movieId)',
  }),
  'a put without a key': new PutItemCommand({ TableName: TABLE, Item: { movieId: { S: 'x' } } }),
  'a delete that answers what was there': new DeleteItemCommand({
    TableName: TABLE,
    Key,
    ReturnValues: 'ALL_OLD',
  }),
  'a delete of what is absent': new DeleteItemCommand({
    TableName: TABLE,
    Key: { movieId: { S: 'x' }, reviewId: { S: 'x' } },
  }),
  'a get with a projection': new GetItemCommand({
    TableName: TABLE,
    Key,
    ProjectionExpression: 'stars, author.city, votes[1]',
  }),
  'a get of what is absent': new GetItemCommand({
    TableName: TABLE,
    Key: { movieId: { S: 'x' }, reviewId: { S: 'x' } },
  }),
  'a query of a partition': query({}),
  'a query backwards with a limit': query({ ScanIndexForward: false, Limit: 2 }),
  'a query from a key on': query({ ExclusiveStartKey: Key }),
  'a query with a filter and a limit': query(
    { FilterExpression: 'stars > :n', Limit: 2 },
    { ':n': { N: '4' } },
  ),
  'a query of a range of the sort key': query(
    { KeyConditionExpression: 'movieId = :movie AND reviewId BETWEEN :a AND :b' },
    { ':a': { S: 'r2' }, ':b': { S: 'r9' } },
  ),
  'a count': query({ Select: 'COUNT' }),
  'a query of an index that is absent': query({ IndexName: 'byStars' }),
  'a scan with a filter': scan({
    FilterExpression: 'stars >= :n',
    ExpressionAttributeValues: { ':n': { N: '10' } },
  }),
  'a batch of gets': new BatchGetItemCommand({
    RequestItems: { [TABLE]: { Keys: [Key], ProjectionExpression: 'stars' } },
  }),
  'a batch of writes': new BatchWriteItemCommand({
    RequestItems: { [TABLE]: [{ PutRequest: { Item: other } }, { DeleteRequest: { Key } }] },
  }),
  'a transaction of gets': new TransactGetItemsCommand({
    TransactItems: [{ Get: { TableName: TABLE, Key } }, { Get: { TableName: TABLE, Key: other } }],
  }),
  'a transaction': transact(
    { Put: { TableName: TABLE, Item: { movieId: { S: 'new' }, reviewId: { S: 'r1' } } } },
    { Delete: { TableName: TABLE, Key } },
    { ConditionCheck: { TableName: TABLE, Key: other, ConditionExpression: 'attribute_exists(stars)' } },
  ),
  'a transaction of which one condition fails': transact(
    { Delete: { TableName: TABLE, Key } },
    {
      ConditionCheck: {
        TableName: TABLE,
        Key: other,
        ConditionExpression: 'attribute_not_exists(stars)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
  ),
  'a transaction with two writes of one item': transact(
    { Delete: { TableName: TABLE, Key } },
    { Put: { TableName: TABLE, Item: Key } },
  ),
};
