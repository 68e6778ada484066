import { counted } from './counted.ts';

/**
 * The lines of `!history <id>`: what a thing is, as it goes on with who brought it about and when, which `line`
 * adds. Ids come as they are to be shown, and what people wrote as excerpts.
 */
export const provenance = {
  line: ({ what, who, when }: { what: string; who: string | null; when: string | null }) =>
    `${what}${who === null ? '' : ` by ${who}`}${when === null ? '' : ` at ${when}`}`,
  answer: ({
    answer,
    model,
    question,
    response,
    learnedFrom,
  }: {
    answer: string;
    model: string;
    question: string;
    /** What the model said, or why it could not. */
    response: { said: string } | { failure: string };
    learnedFrom: { line: number; dataset: string; similarity: string } | null;
  }) => {
    const said = 'said' in response ? `“${response.said}”` : `failed: ${response.failure}`;
    const taken =
      learnedFrom === null
        ? ''
        : `, taken from line ${learnedFrom.line} of dataset ${learnedFrom.dataset} (similarity ${learnedFrom.similarity})`;
    return `answer ${answer} of model ${model} to “${question}”: ${said}${taken}, asked`;
  },
  utterance: ({
    text,
    heard,
    seconds,
    sha256,
  }: {
    text: string;
    heard: 'file' | 'channel';
    seconds: string;
    /** Of the recording. */
    sha256: string;
  }) =>
    `“${text}”, written down from ${heard === 'file' ? 'a recording' : 'a voice channel'} of ${seconds} s (SHA-256 ${sha256}), said`,
  correction: ({
    correction,
    answer,
    text,
    question,
    editor,
    status,
  }: {
    correction: string;
    answer: string;
    text: string;
    /** Where the better answer came with a question of its own. */
    question: string | null;
    /** Who changed it before it was approved. */
    editor: string | null;
    status: 'standing' | 'awaiting_review' | 'rejected' | 'withdrawn';
  }) => {
    const state = status === 'standing' ? '' : ` (${status.replace('_', ' ')})`;
    const asked = question === null ? '' : ` for the question “${question}”`;
    const edited = editor === null ? '' : `, edited by ${editor}`;
    return `correction ${correction}${state} of answer ${answer}: “${text}”${asked}${edited}, given`;
  },
  dataset: ({
    dataset,
    sha256,
    examples,
    format,
    made,
  }: {
    dataset: string;
    sha256: string;
    examples: number;
    format: string;
    made: 'built' | 'selected';
  }) => `dataset ${dataset} with ${counted(examples, 'example')} (${format}, SHA-256 ${sha256}), ${made}`,
  /** @param job what it is and what came of it */
  job: (job: string) => `${job}; requested`,
  model: ({ model, job }: { model: string; job: string | null }) =>
    `model ${model}, trained${job === null ? '' : ` by job ${job}`}, requested`,
  baseModel: (model: string) => `model ${model}, before any training here`,
  promotion: ({
    change,
    model,
    previous,
    reason,
    evaluation,
  }: {
    change: 'promoted' | 'rolled_back';
    model: string;
    previous: string;
    reason: string | null;
    /** The one that let it through the gate. */
    evaluation: string | null;
  }) =>
    `model ${model} ${change === 'promoted' ? 'was promoted' : 'came back'} in place of ${previous}${evaluation === null ? '' : ` after evaluation ${evaluation}`}${reason === null ? '' : `, because: ${reason}`},`,
  evaluation: ({
    evaluation,
    model,
    score,
    heldOut,
  }: {
    evaluation: string;
    model: string;
    score: string | null;
    heldOut: {
      examples: number;
      dataset: string;
      score: string;
      active: string;
      activeScore: string;
    } | null;
  }) => {
    if (heldOut === null)
      return `evaluation ${evaluation} of model ${model}${score === null ? '' : `, score ${score}`}, run`;
    const { examples, dataset, active, activeScore } = heldOut;
    return `evaluation ${evaluation} of model ${model} on ${counted(examples, 'example')} held out of dataset ${dataset}: ${heldOut.score}, and the active model ${active} ${activeScore}, run`;
  },
  /** A rating or a remark, and what it is on. */
  feedback: ({
    answer,
    ...said
  }: { answer: string | null } & ({ rating: 'up' | 'down' } | { remark: string })) => {
    const what = 'rating' in said ? `thumbs ${said.rating}` : `the remark “${said.remark}”`;
    return answer === null ? what : `${what} on answer ${answer}, given`;
  },
  /** How many further parts of a thing are not shown. */
  more: ({ count, of }: { count: number; of: 'examples' | 'datasets' | 'answers' | 'ratings and remarks' }) =>
    `… and ${count} more ${of}`,
};
