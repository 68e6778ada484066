import { Metadata, type ServiceError, status as Status } from '@grpc/grpc-js';

export type RpcError = Pick<ServiceError, 'code' | 'details' | 'metadata'>;

/** Errors as the server words them: the client tells them apart by the trailer `exception`. */
export const rpcErrors = {
  notLeader: ({ host, port }: { readonly host: string; readonly port: number }) =>
    error(Status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': String(port),
    }),
  noLeaderInfo: () => error(Status.UNKNOWN, 'No leader info available in response'),
  notReady: () => error(Status.UNAVAILABLE, 'Server Is Not Ready'),
  tooBusy: () => error(Status.UNAVAILABLE, 'Server Is Too Busy'),
  timedOut: () => error(Status.ABORTED, 'Operation timed out: Commit phase timeout'),
  unauthenticated: () => error(Status.UNAUTHENTICATED, 'Bad HTTP status: 401'),
  accessDenied: () => error(Status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  streamDeleted: (stream: string) =>
    error(Status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
      exception: 'stream-deleted',
      'stream-name': stream,
    }),
  wrongExpectedVersion: (stream: string, expected: string, actual: number | 'no_stream') =>
    error(Status.FAILED_PRECONDITION, `Append failed due to WrongExpectedVersion. Stream: ${stream}`, {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expected,
      ...(actual === 'no_stream' ? {} : { 'actual-version': String(actual) }),
    }),
  tooLarge: (limit: number) =>
    error(Status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(limit),
    }),
  dropped: () => error(Status.UNAVAILABLE, 'Subscription was dropped'),
  unimplemented: () => error(Status.UNIMPLEMENTED, 'The server does not implement the method'),
};

function error(code: Status, details: string, trailers: Readonly<Record<string, string>> = {}): RpcError {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return { code, details, metadata };
}
