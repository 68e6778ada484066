import { z } from 'zod';
import { complaint } from './complaint.ts';

/** UTF-16 units; with everything that stands around it, such a text fits into one event. */
export const MAX_TEXT_LENGTH = 100_000;

/** What a person wrote, kept to the letter: any script, any direction, but nothing that cannot be stored or shown. */
export const MemberText = z
  .string()
  .refine(
    (text) => text.trim() !== '',
    complaint((words) => words.complaints.emptyText),
  )
  .check(({ value, issues }) => {
    if (value.length <= MAX_TEXT_LENGTH) return;
    const { params } = complaint((words) => words.complaints.tooLongText(value.length, MAX_TEXT_LENGTH));
    issues.push({ code: 'custom', input: value, params });
  })
  .refine(
    (text) => !text.includes('\0'),
    complaint((words) => words.complaints.holdsNul),
  )
  .refine(
    (text) => text.isWellFormed(),
    complaint((words) => words.complaints.notUnicode),
  );
