import { counted } from './counted.ts';

/** What the bot says whatever it was asked for. Commands come with their prefix. */
export const bot = {
  closing: 'The bot is closing; try again when it is back.',
  notHere: (command: string) => `${command} is not there on this surface.`,
  forManagers: (command: string) => `${command} is for those who manage this place; ask one of them.`,
  forTrainers: (command: string) => `${command} is for trainers; ask one of them.`,
  noCommand: ({
    shown,
    nearest,
    prefix,
  }: {
    shown: string;
    /** A command that was perhaps meant. */
    nearest: string | null;
    prefix: string;
  }) =>
    nearest === null
      ? `There is no command ${shown}; ${prefix}help lists the commands.`
      : `There is no command ${shown}; did you mean ${nearest}? ${prefix}help lists the commands.`,
  fault: (message: string) =>
    `Something went wrong inside the bot (${message}); the operator finds more in its output.`,
  bytes: (count: number) => counted(count, 'byte'),
  /** Each 1024 of the one before, the first of bytes. */
  units: ['KiB', 'MiB', 'GiB', 'TiB'],
};
