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
    name: 'torture',
    describes: 'sends a hostile feed of invented patients and holds the outcome against a model',
    run: async (args) => (await import('./torture.ts')).run(args),
  },
];
