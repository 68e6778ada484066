/** How long Discord's 3 seconds leave for thinking before something must be shown. */
export const usualThinkingMs = 2_000;

/** What comes of the work, or null where it takes longer than that; then it goes on, and nobody looks at it any more. */
export async function inTime<T extends object>(work: Promise<T>, ms = usualThinkingMs): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
