// The commands of `npm run feed`, each in a file of its own that is read only when it is asked for.

export interface FeedCommand {
  readonly name: string;
  /** One line for the list. */
  readonly describes: string;
  /** Gives the exit code; an error's message is shown as it is. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

export const feedCommands: readonly FeedCommand[] = [
  {
    name: 'check',
    describes: 'shows what would be understood of sample messages, field by field; stores nothing',
    run: async (args) => (await import('./check.ts')).run(args),
  },
  {
    name: 'drop',
    describes: 'posts files of messages (FHS, BHS or bare) and shows how each message was answered',
    run: async (args) => (await import('./drop.ts')).run(args),
  },
  {
    name: 'torture',
    describes: 'sends a hostile feed of invented patients and holds the outcome against a model',
    run: async (args) => (await import('./torture.ts')).run(args),
  },
  {
    name: 'simulate',
    describes: 'runs the code below the edges from seeds that draw order, faults and time, and checks what came of it',
    run: async (args) => (await import('./simulate.ts')).run(args),
  },
  {
    name: 'show',
    describes: 'lists messages and what became of them; with an id, everything about one',
    run: async (args) => (await import('./show.ts')).run(args),
  },
  {
    name: 'replay',
    describes: 'sets messages back to be read again, in the order they came',
    run: async (args) => (await import('./replay.ts')).run(args),
  },
  {
    name: 'park',
    describes: 'lists what is parked and why, or sets a message aside',
    run: async (args) => (await import('./park.ts')).run(args),
  },
  {
    name: 'reviews',
    describes: 'lists matches that a person must decide, shows one, and takes the decision',
    run: async (args) => (await import('./reviews.ts')).run(args),
  },
  {
    name: 'stats',
    describes: 'counts messages by partner, state and reason, and what waits',
    run: async (args) => (await import('./stats.ts')).run(args),
  },
  {
    name: 'panel',
    describes: 'loads whose care is coordinated from a list, and shows it; records opt-outs',
    run: async (args) => (await import('./panel.ts')).run(args),
  },
];
