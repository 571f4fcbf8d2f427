/** How a command ends. Above 128: 128 and the number of the signal, as a shell reports it. */
export const EXIT = {
  ok: 0,
  /** Something is wrong, or the command has failed. */
  trouble: 1,
  /** The command was typed wrong; nothing was done. */
  usage: 2,
  /** Something that was asked about could not be looked at. */
  unknown: 3,
  /** The terminal was closed (SIGHUP). */
  terminalClosed: 129,
  /** Ctrl-C (SIGINT). */
  interrupted: 130,
  /** The output is closed, as after `| head` (SIGPIPE). */
  outputClosed: 141,
  /** SIGTERM. */
  terminated: 143,
} as const;
