import { UnreadableAnswer } from './endpoint-fault.ts';

export interface ServerPage {
  readonly data: unknown;
  readonly hasMore: boolean;
}

/** A page of a list. @throws UnreadableAnswer where there is no page in the answer, on which the client stumbles */
export async function readPage(
  asked: PromiseLike<{ readonly data: unknown; readonly has_more: unknown }>,
): Promise<ServerPage> {
  try {
    const { data, has_more } = await asked;
    return { data, hasMore: has_more === true };
  } catch (error) {
    if (error instanceof TypeError && error.cause === undefined) throw new UnreadableAnswer(error.message);
    throw error;
  }
}
