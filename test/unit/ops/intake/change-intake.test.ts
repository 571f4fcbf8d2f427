import { describe, expect, it } from 'vitest';
import type { IntakeState } from '../../../../lib/intake/intake-state.ts';
import type { Polling } from '../../../../lib/intake/mapping.ts';
import { IntakeRefusedError, pauseIntake, resumeIntake } from '../../../../lib/ops/intake/change-intake.ts';
import type { IntakePorts } from '../../../../lib/ops/intake/intake-ports.ts';

const target = { key: 'email', label: 'shop-dev/email' };
const NOW = 1_000_000;

const named = (name: string): Error => Object.assign(new Error(`${name} of the test`), { name });

/** One consumer, whose mapping takes `slowness` looks for a change, and what has happened to it, in order. */
function createWorld({ state, polling = 'on', slowness = 0 }: Start = {}) {
  let held = state;
  let mapping: Polling = polling;
  let [wanted, looksLeft, now] = [polling, 0, NOW];
  const log: string[] = [];
  const failing: Partial<Record<'change' | 'announce' | 'set' | 'read', Error[]>> = {};
  const before: { change?: () => void; set?: () => void } = {};
  const fail = (what: keyof typeof failing): void => {
    const error = failing[what]?.shift();
    if (error) throw error;
  };
  const ports: IntakePorts = {
    table: {
      read: async () => held,
      all: async () => (held ? [held] : []),
      change: async (found, after) => {
        before.change?.();
        delete before.change;
        fail('change');
        if (found?.version !== held?.version) return undefined;
        held = { ...after, version: (held?.version ?? 0) + 1 };
        log.push(held.intake);
        return held;
      },
    },
    mapping: {
      read: async () => {
        fail('read');
        if (mapping === 'changing' && looksLeft-- <= 0) mapping = wanted;
        return mapping;
      },
      set: async (to) => {
        before.set?.();
        delete before.set;
        fail('set');
        log.push(to);
        wanted = to;
        looksLeft = slowness;
        mapping = slowness === 0 ? to : 'changing';
      },
    },
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    },
    announcePause: async () => {
      fail('announce');
      log.push('announced');
    },
    onWait: (seconds) => log.push(`waits ${seconds}`),
  };
  return {
    ports,
    log,
    failing,
    before,
    put: (intake: IntakeState['intake'], more: Partial<IntakeState> = {}) => {
      held = {
        consumer: 'email',
        since: now,
        reason: '',
        ...more,
        intake,
        version: (held?.version ?? 0) + 1,
      };
    },
    letLambdaWork: (to: 'on' | 'off', looks: number) => {
      [wanted, mapping, looksLeft] = [to, 'changing', looks];
    },
    get state() {
      return held;
    },
    get polling() {
      return mapping;
    },
  };
}
interface Start {
  readonly state?: IntakeState;
  readonly polling?: 'on' | 'off';
  readonly slowness?: number;
}

const PAUSED: IntakeState = {
  consumer: 'email',
  intake: 'paused',
  since: 500,
  version: 7,
  reason: 'the bank moves',
  by: 'eve@desk',
  until: 900,
  closedAt: 400,
};
const TRIPPED: IntakeState = {
  consumer: 'email',
  intake: 'tripped',
  since: 500,
  version: 3,
  reason: 'TransientError: the bank does not answer',
  nextProbeAt: 600,
  closedAt: 400,
};

describe('a pause', () => {
  it('without a controller is refused when it should end by itself, and nothing is written', async () => {
    const world = createWorld();
    const ports = { ...world.ports, announcePause: undefined };
    const refused = pauseIntake(ports, target, { by: 'ada@laptop', forSeconds: 60 });
    await expect(refused).rejects.toThrow(IntakeRefusedError);
    await expect(refused).rejects.toThrow(/nothing would end the pause of shop-dev\/email.*ControlQueueUrl/);
    expect({ log: world.log, state: world.state }).toEqual({ log: [], state: undefined });
    await pauseIntake(ports, target, { by: 'ada@laptop' });
    expect(world.log).toEqual(['paused', 'off']);
  });

  it('of a function without a mapping writes nothing', async () => {
    const world = createWorld();
    world.failing.read = [new Error('it has no event source mapping')];
    await expect(pauseIntake(world.ports, target, { by: 'a' })).rejects.toThrow('no event source mapping');
    expect(world.state).toBeUndefined();
  });

  it('is written first, then announced, then done', async () => {
    const world = createWorld();
    const change = await pauseIntake(world.ports, target, {
      by: 'ada@laptop',
      reason: 'the bank moves',
      forSeconds: 7_200,
    });
    expect(world.log).toEqual(['paused', 'announced', 'off']);
    expect(world.state).toEqual({
      consumer: 'email',
      intake: 'paused',
      since: NOW,
      version: 1,
      by: 'ada@laptop',
      until: NOW + 7_200_000,
      reason: 'the bank moves',
      closedAt: undefined,
    });
    expect(change).toEqual({
      before: undefined,
      polledBefore: 'on',
      after: world.state,
      isOvertaken: false,
    });
  });

  it.each(['announce', 'set'] as const)('that dies at %s is mended by the same command', async (step) => {
    const world = createWorld();
    world.failing[step] = [new Error('the process dies')];
    const pause = () => pauseIntake(world.ports, target, { by: 'ada@laptop', reason: 'r', forSeconds: 60 });
    await expect(pause()).rejects.toThrow('the process dies');
    expect(world.state).toMatchObject({ intake: 'paused', version: 1 });
    expect(world.polling).toBe('on');
    await pause();
    expect(world.polling).toBe('off');
    expect(world.log.slice(-3)).toEqual(['paused', 'announced', 'off']);
  });

  it('says that nothing would end it when the controller could not be told', async () => {
    const world = createWorld();
    world.failing.announce = [named('AccessDenied')];
    await expect(pauseIntake(world.ports, target, { by: 'a', forSeconds: 60 })).rejects.toThrow(
      'it is written down that shop-dev/email is paused, but not yet done, and its controller could not be told when that ends: AccessDenied of the test; repeat the command, or resume it',
    );
    expect(world.log).toEqual(['paused']);
  });

  it('says that it is only written down when Lambda refuses', async () => {
    const world = createWorld();
    world.failing.set = [named('AccessDeniedException')];
    await expect(pauseIntake(world.ports, target, { by: 'a' })).rejects.toThrow(
      'it is written down that shop-dev/email is stopped, but Lambda may still poll its queue: AccessDeniedException of the test; repeat the command',
    );
  });

  it('over a pause replaces its end and who it is of, and keeps since when and why', async () => {
    const world = createWorld({ state: PAUSED, polling: 'off' });
    const { before } = await pauseIntake(world.ports, target, { by: 'ada@laptop' });
    expect(world.log).toEqual(['paused']);
    expect(before).toEqual(PAUSED);
    expect(world.state).toEqual({ ...PAUSED, version: 8, by: 'ada@laptop', until: undefined });
  });

  it('of a consumer whose breaker is open keeps why it was open', async () => {
    const world = createWorld({ state: TRIPPED, polling: 'off' });
    await pauseIntake(world.ports, target, { by: 'ada@laptop' });
    expect(world.state).toEqual({
      consumer: 'email',
      intake: 'paused',
      since: NOW,
      version: 4,
      by: 'ada@laptop',
      until: undefined,
      reason: 'its breaker was open: TransientError: the bank does not answer',
      closedAt: 400,
    });
  });

  it('after a resume does not repeat the old reason', async () => {
    const world = createWorld({ state: { ...PAUSED, intake: 'flowing' } });
    await pauseIntake(world.ports, target, { by: 'ada@laptop' });
    expect(world.state).toMatchObject({ reason: '', since: NOW });
  });

  it('tells that somebody had disabled the mapping by hand', async () => {
    const world = createWorld({ polling: 'off' });
    expect(await pauseIntake(world.ports, target, { by: 'a' })).toMatchObject({ polledBefore: 'off' });
    expect(world.log).toEqual(['paused']);
  });
});

describe('a resume', () => {
  it('ends a pause, which says nothing about what the consumer calls', async () => {
    const world = createWorld({ state: PAUSED, polling: 'off' });
    const change = await resumeIntake(world.ports, target, { by: 'ada@laptop' });
    expect(world.log).toEqual(['flowing', 'on']);
    expect(world.state).toEqual({
      consumer: 'email',
      intake: 'flowing',
      since: NOW,
      version: 8,
      by: 'ada@laptop',
      reason: 'the bank moves',
      closedAt: 400,
    });
    expect(change).toEqual({ before: PAUSED, polledBefore: 'off', after: world.state, isOvertaken: false });
  });

  it('closes a breaker by hand', async () => {
    const world = createWorld({ state: TRIPPED, polling: 'off' });
    await resumeIntake(world.ports, target, { by: 'ada@laptop' });
    expect(world.state).toMatchObject({ intake: 'flowing', closedAt: NOW, by: 'ada@laptop' });
    expect(world.state).not.toHaveProperty('nextProbeAt');
  });

  it.each([undefined, { ...PAUSED, intake: 'flowing' } as const])(
    'of one that flows does nothing: %j',
    async (state) => {
      const world = createWorld(state && { state });
      const change = await resumeIntake(world.ports, target, { by: 'a' });
      expect(world.log).toEqual([]);
      expect(change).toEqual({ before: state, polledBefore: 'on', after: state, isOvertaken: false });
    },
  );

  it('of one that flows enables a mapping that was disabled by hand', async () => {
    const world = createWorld({ polling: 'off' });
    expect(await resumeIntake(world.ports, target, { by: 'a' })).toMatchObject({ polledBefore: 'off' });
    expect(world.log).toEqual(['on']);
  });

  it('that dies between the state and the mapping is mended by the same command', async () => {
    const world = createWorld({ state: PAUSED, polling: 'off' });
    world.failing.set = [new Error('the process dies')];
    const resume = () => resumeIntake(world.ports, target, { by: 'a' });
    await expect(resume()).rejects.toThrow(
      'it is written down that shop-dev/email takes messages, but Lambda does not poll its queue yet: the process dies; repeat the command',
    );
    await resume();
    expect(world.log).toEqual(['flowing', 'on']);
  });
});

describe('a mapping that Lambda is changing', () => {
  it('is waited for, and somebody is told', async () => {
    const world = createWorld({ slowness: 3 });
    await pauseIntake(world.ports, target, { by: 'a' });
    expect(world.log).toEqual(['paused', 'off', 'waits 0', 'waits 2', 'waits 4']);
    expect(world.polling).toBe('off');
  });

  it('of an earlier change is changed when that has ended', async () => {
    const world = createWorld({ state: PAUSED, polling: 'off' });
    world.letLambdaWork('off', 2);
    await resumeIntake(world.ports, target, { by: 'a' });
    expect(world.log).toEqual(['flowing', 'waits 0', 'on']);
  });

  it('is changed again when Lambda says that it is in use', async () => {
    const world = createWorld();
    world.failing.set = [named('ResourceInUseException'), named('ResourceInUseException')];
    await pauseIntake(world.ports, target, { by: 'a' });
    expect(world.log).toEqual(['paused', 'waits 0', 'waits 2', 'off']);
  });

  it('is given up after two and a half minutes, with what to do', async () => {
    const world = createWorld({ slowness: 1_000 });
    await expect(pauseIntake(world.ports, target, { by: 'a' })).rejects.toThrow(
      'may still poll its queue: the change of its event source mapping has not ended after 150 s; repeat the command',
    );
    expect(world.log.at(-1)).toBe('waits 148');
  });
});

describe('two operators at once', () => {
  it('both write: who is later decides again, with what the other has written', async () => {
    const world = createWorld();
    world.before.change = () => world.put('paused', { since: 77, reason: 'hers', by: 'eve@desk' });
    const { before } = await pauseIntake(world.ports, target, { by: 'ada@laptop' });
    expect(before).toMatchObject({ by: 'eve@desk' });
    expect(world.state).toMatchObject({ since: 77, reason: 'hers', by: 'ada@laptop', version: 2 });
  });

  it('a resume finds that the other was faster, and writes nothing', async () => {
    const world = createWorld({ state: PAUSED, polling: 'off' });
    world.before.change = () => world.put('flowing', { by: 'eve@desk' });
    await resumeIntake(world.ports, target, { by: 'ada@laptop' });
    expect(world.state).toMatchObject({ by: 'eve@desk', version: 8 });
    expect(world.log).toEqual(['on']);
  });

  it('a resume during a pause wins, also at Lambda, and the pause says so', async () => {
    const world = createWorld();
    world.before.set = () => world.put('flowing', { by: 'eve@desk' });
    const change = await pauseIntake(world.ports, target, { by: 'ada@laptop' });
    expect(world.log).toEqual(['paused', 'off', 'on']);
    expect(change).toMatchObject({ isOvertaken: true, after: { intake: 'flowing', by: 'eve@desk' } });
  });
});
