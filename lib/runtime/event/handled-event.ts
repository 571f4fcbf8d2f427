import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { ErasedEvent, EventContract, EventOf } from '../../contracts/define-event.ts';

/**
 * An event as the handlers of a consumer get it. Of a consumer with `erased: 'handle'` it may be without data: `event.erased` tells which.
 */
export type HandledEvent<
  Definition extends Pick<ConsumerDefinition, 'listensTo' | 'erased'>,
  Contract extends EventContract = Definition['listensTo'][number],
> = Definition extends { readonly erased: 'handle' }
  ? (EventOf<Contract> & { readonly erased?: undefined }) | ErasedEvent
  : EventOf<Contract>;
