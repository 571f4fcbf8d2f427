import { resolve } from 'node:path';
import * as z from 'zod';
import { describeProblems } from '../../contracts/problem.ts';
import type { DeadLetter } from '../../ops/dead-letters/dead-letter.ts';
import { editLetter, withData } from '../../ops/dead-letters/edit.ts';
import { holdLetters } from '../../ops/dead-letters/hold-letters.ts';
import { purge } from '../../ops/dead-letters/purge.ts';
import { redrive } from '../../ops/dead-letters/redrive.ts';
import { shownLetter } from '../../ops/dead-letters/shown-letter.ts';
import { consumerNamed } from '../../ops/deployment.ts';
import { type Action, ActionProblem, change, query } from '../action.ts';
import type { Deployed } from '../deployed.ts';
import { checked } from './checked.ts';

/** As many as one would look at; whoever has more uses the command line. */
const MAX_SHOWN = 200;
const PATH = '/api/dead-letters/:consumer';

const redriveBody = z.object({ errorName: z.string().optional() });
const editBody = z.object({ messageId: z.string(), data: z.unknown() });

/** Looks at dead letters; sends them back, mends and purges them if that is allowed. */
export function deadLetterActions(deployed: Deployed): readonly Action[] {
  const { clients, deployment } = deployed;
  const consumerOf = ({ consumer = '' }: Readonly<Record<string, string>>) =>
    consumerNamed(deployment, consumer);
  const list = query(PATH, async (parameters) => {
    const letters: DeadLetter[] = [];
    for await (const held of holdLetters(clients, consumerOf(parameters))) {
      letters.push(...held.map(({ letter }) => shownLetter(letter)));
      if (letters.length >= MAX_SHOWN) return { letters, more: true };
    }
    return { letters, more: false };
  });
  if (deployed.readOnly) return [list];
  return [
    list,
    change(`${PATH}/redrive`, async (parameters, body) => ({
      moved: await redrive(clients, consumerOf(parameters), { selection: checked(redriveBody, body) }),
    })),
    change(`${PATH}/edit`, async (parameters, body) => {
      const { messageId, data } = checked(editBody, body);
      const mend = (letter: DeadLetter): string => mended(deployed, letter, data);
      return shownLetter(await editLetter(clients, consumerOf(parameters), { messageId, mend }));
    }),
    change(`${PATH}/purge`, async (parameters) => {
      const consumer = consumerOf(parameters);
      const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
      const file = resolve(`dead-letters-${consumer.name}-${time}.jsonl`);
      return { purged: await purge(clients, consumer, { selection: {}, file }), file };
    }),
  ];
}

/** What breaks the contract would only die again. */
function mended({ contracts }: Deployed, letter: DeadLetter, data: unknown): string {
  const version = contracts
    .flatMap(({ versions }) => versions)
    .find(({ versionedType }) => versionedType === letter.type);
  const problems = version?.check(data) ?? [];
  if (problems.length > 0)
    throw new ActionProblem(400, `the data breaks the contract: ${describeProblems(problems)}`);
  return withData(letter, data);
}
