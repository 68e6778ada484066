/** What a thread sends first of all, once it can take a job. */
export const READY = 'ready';
