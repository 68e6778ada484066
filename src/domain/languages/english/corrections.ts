/** Corrections of answers. Ids come as they are to be shown. */
export const corrections = {
  withdrawn: ({ correction, answer }: { correction: string; answer: string }) =>
    `Correction ${correction} of answer ${answer} is withdrawn; it goes into no dataset from now on.`,
};
