import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { consume } from '../../../lib/runtime/consume.ts';
import { AskedEvent } from './asked.ts';
import { work } from './work.ts';

const claimer = defineConsumer({ name: 'claimer', description: 'Measured.', listensTo: [AskedEvent] });

/** Fanfare: a claim and a settlement for each batch. */
export const handler = consume(claimer, { 'bench.Asked': (event) => work(event.data) });
