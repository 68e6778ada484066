import { RESTJSONErrorCodes } from 'discord-api-types/v10';

const known = {
  GeneralError: [400, 'General error'],
  UnknownApplication: [404, 'Unknown Application'],
  UnknownApplicationCommand: [404, 'Unknown application command'],
  UnknownChannel: [404, 'Unknown Channel'],
  UnknownEmoji: [400, 'Unknown Emoji'],
  UnknownGuild: [404, 'Unknown Guild'],
  UnknownInteraction: [404, 'Unknown interaction'],
  UnknownMember: [404, 'Unknown Member'],
  UnknownMessage: [404, 'Unknown Message'],
  UnknownRole: [404, 'Unknown Role'],
  UnknownUser: [404, 'Unknown User'],
  UnknownWebhook: [404, 'Unknown Webhook'],
  MaximumNumberOfReactionsReached: [400, 'Maximum number of reactions reached (20)'],
  RequestEntityTooLarge: [413, 'Request entity too large'],
  InteractionHasAlreadyBeenAcknowledged: [400, 'Interaction has already been acknowledged.'],
  MissingAccess: [403, 'Missing Access'],
  CannotEditMessageAuthoredByAnotherUser: [403, 'Cannot edit a message authored by another user'],
  CannotSendAnEmptyMessage: [400, 'Cannot send an empty message'],
  CannotSendMessagesToThisUser: [403, 'Cannot send messages to this user'],
  MissingPermissions: [403, 'Missing Permissions'],
  InvalidWebhookToken: [401, 'Invalid Webhook Token'],
  InvalidFormBodyOrContentType: [400, 'Invalid Form Body'],
  InvalidAPIVersion: [400, 'Invalid API version'],
  RequestBodyContainsInvalidJSON: [400, 'The request body contains invalid JSON.'],
  CannotReplyWithoutPermissionToReadMessageHistory: [
    403,
    'Cannot reply without permission to read message history',
  ],
} satisfies Partial<Record<keyof typeof RESTJSONErrorCodes, readonly [status: number, message: string]>>;

export interface FieldError {
  readonly code: string;
  readonly message: string;
}

/** Discord's tree of what was wrong with which field of a body. */
export type ErrorTree = { [key: string]: ErrorTree | FieldError[] };

/** What Discord answers instead of the thing asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: { readonly code: number; readonly message: string; readonly errors?: ErrorTree };

  constructor(status: number, body: ApiError['body']) {
    super(`${status} ${body.code} ${body.message}`);
    this.status = status;
    this.body = body;
  }
}

export function apiError(name: keyof typeof known, errors?: ErrorTree): ApiError {
  const [status, message] = known[name];
  return new ApiError(status, {
    code: RESTJSONErrorCodes[name],
    message,
    ...(errors !== undefined && { errors }),
  });
}

/** Errors that have no code of their own. */
export function plainError(status: number, reason: string): ApiError {
  return new ApiError(status, { code: 0, message: `${status}: ${reason}` });
}

/** @param path where in the body */
export function formError(path: readonly PropertyKey[], code: string, message: string): ApiError {
  return apiError('InvalidFormBodyOrContentType', errorTree([{ path, code, message }]));
}

export function errorTree(
  errors: readonly {
    readonly path: readonly PropertyKey[];
    readonly code: string;
    readonly message: string;
  }[],
): ErrorTree {
  const tree: ErrorTree = {};
  for (const { path, code, message } of errors) {
    let node = tree;
    for (const step of path) {
      const next = node[String(step)];
      const child: ErrorTree = next === undefined || Array.isArray(next) ? {} : next;
      node[String(step)] = child;
      node = child;
    }
    const before = node._errors;
    node._errors = [...(Array.isArray(before) ? before : []), { code, message }];
  }
  return tree;
}

/** For what exists at Discord and not here: the request counts as unexpected, so that the test fails. */
export class NotInStandIn extends Error {
  constructor(what: string) {
    super(`The stand-in does not know ${what}; teach it in test/stand-ins/discord.`);
  }
}
