import type { LaterQueue } from './later-queue.ts';
import type { PublishOutcome, TopicPublisher } from './topic-publisher.ts';

/**
 * Creates a publisher that also accepts events that come later. An event with `deliverat` goes to the queue of later events, whether its time
 * is ahead or has passed: there it is known whether somebody has cancelled it. Every other event goes to the topic.
 */
export function createLaterPublisher(publisher: TopicPublisher, later: LaterQueue): TopicPublisher {
  return {
    ...publisher,
    publish: async (events, options) => {
      const delayed = events.filter(({ deliverat }) => deliverat !== undefined);
      if (delayed.length === 0) return publisher.publish(events, options);
      const now = events.filter(({ deliverat }) => deliverat === undefined);
      const [laterOutcomes, topicOutcomes] = await Promise.all([
        later.send(
          delayed.map((event) => ({ event })),
          options,
        ),
        now.length > 0 ? publisher.publish(now, options) : [],
      ]);
      const [rest, sent] = [[...topicOutcomes], [...laterOutcomes]];
      return events.map(({ deliverat }) => (deliverat === undefined ? rest : sent).shift() ?? NO_ANSWER);
    },
  };
}

const NO_ANSWER: PublishOutcome = {
  status: 'failed',
  code: 'NoAnswer',
  message: 'the answer does not mention the event',
  retryable: true,
};
