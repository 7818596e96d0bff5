/** What the recorder writes down: one line of JSON each. */
export interface Entry {
  /** Main file of the process, relative to the project. */
  main: string;
  /** `started`: the recorder is there. `lookup`: a name was resolved. */
  kind: 'started' | 'connect' | 'datagram' | 'lookup' | 'spawn';
  /** Class of the target. */
  where?: 'unix' | 'loopback' | 'other';
  /** Path of the socket, `host:port`, the name looked up, or the program. */
  target?: string;
  /** Source files that led to it, the nearest first. */
  by?: string[];
}

/** Set for every process that is to be recorded: the file that entries are appended to. */
export const recordVariable = 'MODELKEEP_EGRESS_RECORD';
