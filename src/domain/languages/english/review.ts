import { counted } from './counted.ts';

/** The corrections that wait for a trainer. Ids come as they are to be shown, and what people wrote as excerpts. */
export const review = {
  unknown: (correction: string) =>
    `There is no correction ${correction} of this answer; !review lists those that wait.`,
  /** By what became of it. */
  decided: {
    standing: (correction: string) =>
      `Correction ${correction} already counts, so there is nothing left to decide.`,
    rejected: (correction: string) =>
      `Correction ${correction} has already been rejected, so there is nothing left to decide.`,
    withdrawn: (correction: string) =>
      `Correction ${correction} has been taken back by whoever gave it, so there is nothing left to decide.`,
  },
  own: 'Your own correction waits for a trainer, who is somebody else; ask one of them.',
  forTrainers: 'Only trainers decide on corrections; ask one of them.',
  none: 'No correction is waiting for review.',
  noFurther: (prefix: string) =>
    `No further correction is waiting for review; ${prefix}review shows the first ones.`,
  heading: (corrections: number) =>
    `${counted(corrections, 'correction waits', 'corrections wait')} for review, the oldest first:`,
  answer: ({ answer, question, response }: { answer: string; question: string; response: string }) =>
    `Answer ${answer} to “${question}”: “${response}”`,
  standing: ({ correction, text }: { correction: string; text: string }) =>
    `counts now: “${text}” (correction ${correction})`,
  waiting: ({
    correction,
    text,
    question,
    member,
    time,
  }: {
    correction: string;
    text: string;
    /** Where it comes with a question of its own. */
    question: string | null;
    member: string;
    time: string;
  }) => `${correction} by ${member} at ${time}: ${question === null ? '' : `“${question}” → `}“${text}”`,
  disagree: (corrections: number) =>
    `These ${corrections} disagree; the one given last counts of those approved.`,
  moreOfAnswer: (more: number) => `… and ${more} more of this answer`,
  more: (correction: string) => `more of them: after=${correction}`,
  howTo: (prefix: string) =>
    `${prefix}review correction=ID decision=approve or reject decides; text=… and question=… approve it as edited.`,
  approved: ({
    correction,
    answer,
    isEdited,
    prefix,
  }: {
    correction: string;
    answer: string;
    isEdited: boolean;
    prefix: string;
  }) =>
    `Correction ${correction} of answer ${answer} is approved${isEdited ? ' as you edited it' : ''}; ${prefix}retrain teaches it to a model.`,
  rejected: ({ correction, answer }: { correction: string; answer: string }) =>
    `Correction ${correction} of answer ${answer} is rejected and goes into no dataset.`,
  decisionMissing: 'Say which correction with correction=ID, and decision=approve or decision=reject.',
  textOfRejected: 'A rejected correction cannot be edited; leave text and question out, or approve it.',
  reasonOfApproved: 'A reason belongs to a rejection; leave it out, or reject the correction.',
  pageOfDecision: 'after and limit belong to the list; leave them out to decide on a correction.',
  approveButton: (correction: string) => `Approve ${correction}`,
  editButton: (correction: string) => `Edit ${correction}`,
  rejectButton: (correction: string) => `Reject ${correction}`,
};
